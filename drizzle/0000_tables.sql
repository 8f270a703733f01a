CREATE TABLE "dir_group" (
	"directory_id" text COLLATE "C" NOT NULL,
	"id" text COLLATE "C" NOT NULL,
	"display_name" text NOT NULL,
	"display_name_key" text COLLATE "C" NOT NULL,
	"external_id" text COLLATE "C",
	"doc" jsonb NOT NULL,
	"comparable" jsonb NOT NULL,
	"version" bigint DEFAULT 1 NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"deleting_at" timestamp (3) with time zone,
	CONSTRAINT "dir_group_pk" PRIMARY KEY("directory_id","id")
);
--> statement-breakpoint
CREATE TABLE "dir_user" (
	"directory_id" text COLLATE "C" NOT NULL,
	"id" text COLLATE "C" NOT NULL,
	"user_name" text NOT NULL,
	"user_name_key" text COLLATE "C" NOT NULL,
	"external_id" text COLLATE "C",
	"is_active" boolean NOT NULL,
	"primary_email" text,
	"primary_email_key" text COLLATE "C",
	"other_email_keys" text[],
	"display_name" text COLLATE "C" NOT NULL,
	"doc" jsonb NOT NULL,
	"comparable" jsonb NOT NULL,
	"profile" jsonb NOT NULL,
	"version" bigint DEFAULT 1 NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "dir_user_pk" PRIMARY KEY("directory_id","id")
);
--> statement-breakpoint
CREATE TABLE "dir_user_tombstone" (
	"directory_id" text COLLATE "C" NOT NULL,
	"external_id" text COLLATE "C" NOT NULL,
	"user_id" text NOT NULL,
	"deleted_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "dir_user_tombstone_pk" PRIMARY KEY("directory_id","external_id")
);
--> statement-breakpoint
CREATE TABLE "directory" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"organization_id" text NOT NULL,
	"name" text NOT NULL,
	"type" text NOT NULL,
	"provider" text NOT NULL,
	"is_enabled" boolean NOT NULL,
	"status" text NOT NULL,
	"attribute_mappings" jsonb NOT NULL,
	"version" bigint DEFAULT 1 NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"deleting_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "directory_secret" (
	"id" text PRIMARY KEY NOT NULL,
	"directory_id" text NOT NULL,
	"token_hash" text NOT NULL,
	"suffix" text NOT NULL,
	"created_by" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone,
	"last_used_at" timestamp (3) with time zone,
	"revoked_at" timestamp (3) with time zone,
	CONSTRAINT "directory_secret_tokenHash_unique" UNIQUE("token_hash")
);
--> statement-breakpoint
CREATE TABLE "group_nesting" (
	"directory_id" text COLLATE "C" NOT NULL,
	"group_id" text COLLATE "C" NOT NULL,
	"member_group_id" text COLLATE "C" NOT NULL,
	CONSTRAINT "group_nesting_pk" PRIMARY KEY("directory_id","group_id","member_group_id")
);
--> statement-breakpoint
CREATE TABLE "membership" (
	"directory_id" text COLLATE "C" NOT NULL,
	"group_id" text COLLATE "C" NOT NULL,
	"user_id" text COLLATE "C" NOT NULL,
	CONSTRAINT "membership_pk" PRIMARY KEY("directory_id","group_id","user_id")
);
--> statement-breakpoint
CREATE TABLE "event" (
	"n" bigint GENERATED ALWAYS AS IDENTITY (sequence name "event_n_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"id" text PRIMARY KEY NOT NULL,
	"seq" bigint,
	"is_announced" boolean DEFAULT true NOT NULL,
	"organization_id" text,
	"directory_id" text,
	"type" text NOT NULL,
	"object" text NOT NULL,
	"resource_id" text NOT NULL,
	"version" bigint NOT NULL,
	"data" jsonb NOT NULL,
	"previous" jsonb,
	"actor" text NOT NULL,
	"request_id" text NOT NULL,
	"occurred_at" timestamp (6) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "account" (
	"id" text PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"organization_id" text,
	"email" text NOT NULL,
	"email_key" text COLLATE "C" NOT NULL,
	"name" text NOT NULL,
	"password_hash" text NOT NULL,
	"failed_attempts" integer DEFAULT 0 NOT NULL,
	"locked_until" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone NOT NULL,
	"last_sign_in_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "account_session" (
	"id" text PRIMARY KEY NOT NULL,
	"account_id" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"ended_at" timestamp (3) with time zone,
	"user_agent" text,
	"client_address" text
);
--> statement-breakpoint
CREATE TABLE "api_client" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"scopes" jsonb NOT NULL,
	"is_internal" boolean DEFAULT false NOT NULL,
	"sealed_secret" text,
	"created_by" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "api_client_secret" (
	"id" text PRIMARY KEY NOT NULL,
	"client_id" text NOT NULL,
	"secret_hash" text NOT NULL,
	"suffix" text NOT NULL,
	"created_by" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone,
	"last_used_at" timestamp (3) with time zone,
	"revoked_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "installation" (
	"id" text PRIMARY KEY NOT NULL,
	"setup_token_hash" text,
	"created_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "invitation" (
	"id" text PRIMARY KEY NOT NULL,
	"organization_id" text NOT NULL,
	"email" text NOT NULL,
	"token_hash" text NOT NULL,
	"created_by" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"accepted_at" timestamp (3) with time zone,
	"revoked_at" timestamp (3) with time zone,
	CONSTRAINT "invitation_tokenHash_unique" UNIQUE("token_hash")
);
--> statement-breakpoint
CREATE TABLE "redirect_uri" (
	"id" text PRIMARY KEY NOT NULL,
	"uri" text NOT NULL,
	"created_by" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "redirect_uri_uri_unique" UNIQUE("uri")
);
--> statement-breakpoint
CREATE TABLE "signing_key" (
	"id" text PRIMARY KEY NOT NULL,
	"algorithm" text NOT NULL,
	"public_jwk" jsonb NOT NULL,
	"sealed_private_jwk" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"signs_from" timestamp (3) with time zone NOT NULL,
	"retired_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "organization" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"display_name" text NOT NULL,
	"search_key" text COLLATE "C" NOT NULL,
	"external_id" text,
	"slug" text,
	"logo_url" text,
	"region_code" text NOT NULL,
	"metadata" jsonb NOT NULL,
	"is_dir_sync_enabled" boolean NOT NULL,
	"is_sso_enabled" boolean NOT NULL,
	"is_domain_verification_enabled" boolean NOT NULL,
	"session_policy" jsonb,
	"max_allowed_users" integer,
	"feature_removed_at" timestamp (3) with time zone,
	"version" bigint DEFAULT 1 NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"deleting_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "portal_link" (
	"id" text PRIMARY KEY NOT NULL,
	"organization_id" text NOT NULL,
	"kind" text NOT NULL,
	"token_hash" text NOT NULL,
	"features" jsonb,
	"created_by" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"redeemed_at" timestamp (3) with time zone,
	"last_used_at" timestamp (3) with time zone,
	"use_count" integer DEFAULT 0 NOT NULL,
	"revoked_at" timestamp (3) with time zone,
	CONSTRAINT "portal_link_tokenHash_unique" UNIQUE("token_hash")
);
--> statement-breakpoint
CREATE TABLE "portal_session" (
	"id" text PRIMARY KEY NOT NULL,
	"link_id" text NOT NULL,
	"organization_id" text NOT NULL,
	"secret_hash" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"ended_at" timestamp (3) with time zone,
	"client_address" text,
	"user_agent" text
);
--> statement-breakpoint
ALTER TABLE "directory_secret" ADD CONSTRAINT "directory_secret_directory_id_directory_id_fk" FOREIGN KEY ("directory_id") REFERENCES "public"."directory"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "membership" ADD CONSTRAINT "membership_user_fk" FOREIGN KEY ("directory_id","user_id") REFERENCES "public"."dir_user"("directory_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "account_session" ADD CONSTRAINT "account_session_account_id_account_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."account"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "api_client_secret" ADD CONSTRAINT "api_client_secret_client_id_api_client_id_fk" FOREIGN KEY ("client_id") REFERENCES "public"."api_client"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "portal_session" ADD CONSTRAINT "portal_session_link_id_portal_link_id_fk" FOREIGN KEY ("link_id") REFERENCES "public"."portal_link"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "dir_group_display_name_key" ON "dir_group" USING btree ("directory_id","display_name_key") WHERE deleting_at is null;--> statement-breakpoint
CREATE INDEX "dir_group_external_id_idx" ON "dir_group" USING btree ("directory_id","external_id") WHERE external_id is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "dir_user_user_name_key" ON "dir_user" USING btree ("directory_id","user_name_key");--> statement-breakpoint
CREATE INDEX "dir_user_external_id_idx" ON "dir_user" USING btree ("directory_id","external_id") WHERE external_id is not null;--> statement-breakpoint
CREATE INDEX "dir_user_email_idx" ON "dir_user" USING btree ("directory_id","primary_email_key");--> statement-breakpoint
CREATE INDEX "dir_user_other_emails_idx" ON "dir_user" USING gin ("other_email_keys") WHERE other_email_keys is not null;--> statement-breakpoint
CREATE INDEX "dir_user_inactive_idx" ON "dir_user" USING btree ("directory_id","id") WHERE not is_active;--> statement-breakpoint
CREATE INDEX "dir_user_updated_idx" ON "dir_user" USING btree ("directory_id","updated_at");--> statement-breakpoint
CREATE INDEX "directory_organization_idx" ON "directory" USING btree ("organization_id","id");--> statement-breakpoint
CREATE INDEX "directory_secret_directory_idx" ON "directory_secret" USING btree ("directory_id");--> statement-breakpoint
CREATE INDEX "group_nesting_member_idx" ON "group_nesting" USING btree ("directory_id","member_group_id");--> statement-breakpoint
CREATE INDEX "membership_user_idx" ON "membership" USING btree ("directory_id","user_id","group_id");--> statement-breakpoint
CREATE UNIQUE INDEX "event_n_key" ON "event" USING btree ("n");--> statement-breakpoint
CREATE UNIQUE INDEX "event_seq_key" ON "event" USING btree ("seq");--> statement-breakpoint
CREATE INDEX "event_unsequenced_idx" ON "event" USING btree ("n") WHERE seq is null;--> statement-breakpoint
CREATE INDEX "event_organization_idx" ON "event" USING btree ("organization_id","n");--> statement-breakpoint
CREATE INDEX "event_resource_idx" ON "event" USING btree ("resource_id","n");--> statement-breakpoint
CREATE UNIQUE INDEX "account_email_key" ON "account" USING btree ("email_key");--> statement-breakpoint
CREATE INDEX "account_organization_idx" ON "account" USING btree ("organization_id");--> statement-breakpoint
CREATE INDEX "account_session_account_idx" ON "account_session" USING btree ("account_id");--> statement-breakpoint
CREATE INDEX "api_client_secret_client_idx" ON "api_client_secret" USING btree ("client_id");--> statement-breakpoint
CREATE INDEX "invitation_organization_idx" ON "invitation" USING btree ("organization_id");--> statement-breakpoint
CREATE UNIQUE INDEX "organization_external_id_key" ON "organization" USING btree ("external_id") WHERE deleting_at is null and external_id is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "organization_slug_key" ON "organization" USING btree ("slug") WHERE deleting_at is null and slug is not null;--> statement-breakpoint
CREATE INDEX "organization_live_idx" ON "organization" USING btree ("id") WHERE deleting_at is null;--> statement-breakpoint
CREATE INDEX "portal_link_organization_idx" ON "portal_link" USING btree ("organization_id","created_at");--> statement-breakpoint
CREATE INDEX "portal_session_link_idx" ON "portal_session" USING btree ("link_id");--> statement-breakpoint
CREATE INDEX "portal_session_organization_idx" ON "portal_session" USING btree ("organization_id");