CREATE TABLE "connection" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"organization_id" text NOT NULL,
	"provider" text NOT NULL,
	"provider_key" text NOT NULL,
	"key_id" text,
	"type" text NOT NULL,
	"status" text NOT NULL,
	"is_enabled" boolean NOT NULL,
	"is_debug_enabled" boolean NOT NULL,
	"ui_button_title" text NOT NULL,
	"configuration_type" text,
	"attribute_mapping" jsonb NOT NULL,
	"settings" jsonb NOT NULL,
	"sealed_client_secret" text,
	"client_secret_suffix" text,
	"search_key" text COLLATE "C" NOT NULL,
	"version" bigint DEFAULT 1 NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "email_domain" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"organization_id" text NOT NULL,
	"domain" text COLLATE "C" NOT NULL,
	"type" text NOT NULL,
	"connection_id" text COLLATE "C",
	"txt_record_key" text NOT NULL,
	"txt_record_secret" text NOT NULL,
	"status" text NOT NULL,
	"method" text NOT NULL,
	"version" bigint DEFAULT 1 NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "email_domain" ADD CONSTRAINT "email_domain_connection_id_connection_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connection"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "connection_organization_idx" ON "connection" USING btree ("organization_id","id");--> statement-breakpoint
CREATE UNIQUE INDEX "email_domain_organization_key" ON "email_domain" USING btree ("organization_id","domain","type");--> statement-breakpoint
CREATE UNIQUE INDEX "email_domain_verified_key" ON "email_domain" USING btree ("domain") WHERE type = 'ORGANIZATION_DOMAIN' and status = 'VERIFIED';--> statement-breakpoint
CREATE INDEX "email_domain_organization_idx" ON "email_domain" USING btree ("organization_id","id");--> statement-breakpoint
CREATE INDEX "email_domain_connection_idx" ON "email_domain" USING btree ("connection_id");