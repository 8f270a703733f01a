CREATE TABLE "default_role" (
	"scope" text NOT NULL,
	"kind" text NOT NULL,
	"role_id" text NOT NULL,
	CONSTRAINT "default_role_pk" PRIMARY KEY("scope","kind")
);
--> statement-breakpoint
CREATE TABLE "permission" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"name" text COLLATE "C" NOT NULL,
	"description" text NOT NULL,
	"version" bigint DEFAULT 1 NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "permission_name_key" UNIQUE("name")
);
--> statement-breakpoint
CREATE TABLE "role" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"organization_id" text,
	"name" text COLLATE "C" NOT NULL,
	"display_name" text NOT NULL,
	"description" text NOT NULL,
	"priority" integer NOT NULL,
	"base_role_id" text,
	"version" bigint DEFAULT 1 NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "role_permission" (
	"role_id" text NOT NULL,
	"permission_id" text NOT NULL,
	CONSTRAINT "role_permission_pk" PRIMARY KEY("role_id","permission_id")
);
--> statement-breakpoint
ALTER TABLE "directory" ADD COLUMN "custom_extensions" jsonb DEFAULT '[]'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "default_role" ADD CONSTRAINT "default_role_role_id_role_id_fk" FOREIGN KEY ("role_id") REFERENCES "public"."role"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "role" ADD CONSTRAINT "role_base_role_id_role_id_fk" FOREIGN KEY ("base_role_id") REFERENCES "public"."role"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "role_permission" ADD CONSTRAINT "role_permission_role_id_role_id_fk" FOREIGN KEY ("role_id") REFERENCES "public"."role"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "role_permission" ADD CONSTRAINT "role_permission_permission_id_permission_id_fk" FOREIGN KEY ("permission_id") REFERENCES "public"."permission"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "default_role_role_idx" ON "default_role" USING btree ("role_id");--> statement-breakpoint
CREATE UNIQUE INDEX "role_environment_name_key" ON "role" USING btree ("name") WHERE organization_id is null;--> statement-breakpoint
CREATE UNIQUE INDEX "role_organization_name_key" ON "role" USING btree ("organization_id","name") WHERE organization_id is not null;--> statement-breakpoint
CREATE INDEX "role_name_idx" ON "role" USING btree ("name");--> statement-breakpoint
CREATE INDEX "role_base_idx" ON "role" USING btree ("base_role_id") WHERE base_role_id is not null;--> statement-breakpoint
CREATE INDEX "role_permission_permission_idx" ON "role_permission" USING btree ("permission_id");