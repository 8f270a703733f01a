CREATE TABLE "directory_group_role" (
	"directory_id" text COLLATE "C" NOT NULL,
	"group_id" text COLLATE "C" NOT NULL,
	"role_id" text COLLATE "C" NOT NULL,
	CONSTRAINT "directory_group_role_pk" PRIMARY KEY("directory_id","group_id","role_id")
);
--> statement-breakpoint
CREATE TABLE "run" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"organization_id" text NOT NULL,
	"directory_id" text COLLATE "C" NOT NULL,
	"subject_id" text,
	"actor" text NOT NULL,
	"request_id" text NOT NULL,
	"after" text COLLATE "C",
	"total" integer NOT NULL,
	"done" integer DEFAULT 0 NOT NULL,
	"told" integer DEFAULT 0 NOT NULL,
	"error" text,
	"failures" integer DEFAULT 0 NOT NULL,
	"retry_at" timestamp (3) with time zone,
	"started_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"finished_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "run_person" (
	"run_id" text COLLATE "C" NOT NULL,
	"user_id" text COLLATE "C" NOT NULL,
	CONSTRAINT "run_person_pk" PRIMARY KEY("run_id","user_id")
);
--> statement-breakpoint
ALTER TABLE "directory_group_role" ADD CONSTRAINT "directory_group_role_role_id_role_id_fk" FOREIGN KEY ("role_id") REFERENCES "public"."role"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "directory_group_role" ADD CONSTRAINT "directory_group_role_group_fk" FOREIGN KEY ("directory_id","group_id") REFERENCES "public"."dir_group"("directory_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "directory_group_role_role_idx" ON "directory_group_role" USING btree ("role_id");--> statement-breakpoint
CREATE INDEX "run_open_idx" ON "run" USING btree ("id") WHERE finished_at is null;--> statement-breakpoint
CREATE INDEX "run_directory_idx" ON "run" USING btree ("directory_id","id");