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
	"custom_extensions" jsonb DEFAULT '[]'::jsonb NOT NULL,
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
CREATE TABLE "idempotency_key" (
	"actor" text NOT NULL,
	"key" text NOT NULL,
	"request_hash" text NOT NULL,
	"claim" text NOT NULL,
	"status" integer,
	"sealed_body" text,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "idempotency_key_actor_key_pk" PRIMARY KEY("actor","key")
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
CREATE TABLE "app_user" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"email" text NOT NULL,
	"email_key" text COLLATE "C" NOT NULL,
	"external_id" text COLLATE "C",
	"profile" jsonb NOT NULL,
	"metadata" jsonb NOT NULL,
	"search_key" text COLLATE "C" NOT NULL,
	"version" bigint DEFAULT 1 NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "membership_role" (
	"organization_id" text COLLATE "C" NOT NULL,
	"user_id" text COLLATE "C" NOT NULL,
	"role_id" text COLLATE "C" NOT NULL,
	CONSTRAINT "membership_role_pk" PRIMARY KEY("organization_id","user_id","role_id")
);
--> statement-breakpoint
CREATE TABLE "organization_membership" (
	"organization_id" text COLLATE "C" NOT NULL,
	"user_id" text COLLATE "C" NOT NULL,
	"status" text NOT NULL,
	"provisioning_method" text NOT NULL,
	"metadata" jsonb NOT NULL,
	"inviter_email" text,
	"created_at" timestamp (3) with time zone NOT NULL,
	"joined_at" timestamp (3) with time zone,
	"updated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "organization_membership_pk" PRIMARY KEY("organization_id","user_id")
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
ALTER TABLE "email_domain" ADD CONSTRAINT "email_domain_connection_id_connection_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connection"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "directory_secret" ADD CONSTRAINT "directory_secret_directory_id_directory_id_fk" FOREIGN KEY ("directory_id") REFERENCES "public"."directory"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "membership" ADD CONSTRAINT "membership_user_fk" FOREIGN KEY ("directory_id","user_id") REFERENCES "public"."dir_user"("directory_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "account_session" ADD CONSTRAINT "account_session_account_id_account_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."account"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "api_client_secret" ADD CONSTRAINT "api_client_secret_client_id_api_client_id_fk" FOREIGN KEY ("client_id") REFERENCES "public"."api_client"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "membership_role" ADD CONSTRAINT "membership_role_role_id_role_id_fk" FOREIGN KEY ("role_id") REFERENCES "public"."role"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "membership_role" ADD CONSTRAINT "membership_role_membership_fk" FOREIGN KEY ("organization_id","user_id") REFERENCES "public"."organization_membership"("organization_id","user_id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "organization_membership" ADD CONSTRAINT "organization_membership_user_id_app_user_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."app_user"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "portal_session" ADD CONSTRAINT "portal_session_link_id_portal_link_id_fk" FOREIGN KEY ("link_id") REFERENCES "public"."portal_link"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "default_role" ADD CONSTRAINT "default_role_role_id_role_id_fk" FOREIGN KEY ("role_id") REFERENCES "public"."role"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "role" ADD CONSTRAINT "role_base_role_id_role_id_fk" FOREIGN KEY ("base_role_id") REFERENCES "public"."role"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "role_permission" ADD CONSTRAINT "role_permission_role_id_role_id_fk" FOREIGN KEY ("role_id") REFERENCES "public"."role"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "role_permission" ADD CONSTRAINT "role_permission_permission_id_permission_id_fk" FOREIGN KEY ("permission_id") REFERENCES "public"."permission"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "connection_organization_idx" ON "connection" USING btree ("organization_id","id");--> statement-breakpoint
CREATE UNIQUE INDEX "email_domain_organization_key" ON "email_domain" USING btree ("organization_id","domain","type");--> statement-breakpoint
CREATE UNIQUE INDEX "email_domain_verified_key" ON "email_domain" USING btree ("domain") WHERE type = 'ORGANIZATION_DOMAIN' and status = 'VERIFIED';--> statement-breakpoint
CREATE INDEX "email_domain_organization_idx" ON "email_domain" USING btree ("organization_id","id");--> statement-breakpoint
CREATE INDEX "email_domain_connection_idx" ON "email_domain" USING btree ("connection_id");--> statement-breakpoint
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
CREATE INDEX "event_type_idx" ON "event" USING btree ("type","n");--> statement-breakpoint
CREATE INDEX "event_occurred_idx" ON "event" USING brin ("occurred_at");--> statement-breakpoint
CREATE INDEX "idempotency_key_created_idx" ON "idempotency_key" USING btree ("created_at");--> statement-breakpoint
CREATE UNIQUE INDEX "account_email_key" ON "account" USING btree ("email_key");--> statement-breakpoint
CREATE INDEX "account_organization_idx" ON "account" USING btree ("organization_id");--> statement-breakpoint
CREATE INDEX "account_session_account_idx" ON "account_session" USING btree ("account_id");--> statement-breakpoint
CREATE INDEX "api_client_secret_client_idx" ON "api_client_secret" USING btree ("client_id");--> statement-breakpoint
CREATE INDEX "invitation_organization_idx" ON "invitation" USING btree ("organization_id");--> statement-breakpoint
CREATE UNIQUE INDEX "app_user_email_key" ON "app_user" USING btree ("email_key");--> statement-breakpoint
CREATE UNIQUE INDEX "app_user_external_id_key" ON "app_user" USING btree ("external_id") WHERE external_id is not null;--> statement-breakpoint
CREATE INDEX "membership_role_role_idx" ON "membership_role" USING btree ("role_id");--> statement-breakpoint
CREATE INDEX "organization_membership_user_idx" ON "organization_membership" USING btree ("user_id");--> statement-breakpoint
CREATE UNIQUE INDEX "organization_external_id_key" ON "organization" USING btree ("external_id") WHERE deleting_at is null and external_id is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "organization_slug_key" ON "organization" USING btree ("slug") WHERE deleting_at is null and slug is not null;--> statement-breakpoint
CREATE INDEX "organization_live_idx" ON "organization" USING btree ("id") WHERE deleting_at is null;--> statement-breakpoint
CREATE INDEX "portal_link_organization_idx" ON "portal_link" USING btree ("organization_id","created_at");--> statement-breakpoint
CREATE INDEX "portal_session_link_idx" ON "portal_session" USING btree ("link_id");--> statement-breakpoint
CREATE INDEX "portal_session_organization_idx" ON "portal_session" USING btree ("organization_id");--> statement-breakpoint
CREATE INDEX "default_role_role_idx" ON "default_role" USING btree ("role_id");--> statement-breakpoint
CREATE UNIQUE INDEX "role_environment_name_key" ON "role" USING btree ("name") WHERE organization_id is null;--> statement-breakpoint
CREATE UNIQUE INDEX "role_organization_name_key" ON "role" USING btree ("organization_id","name") WHERE organization_id is not null;--> statement-breakpoint
CREATE INDEX "role_name_idx" ON "role" USING btree ("name");--> statement-breakpoint
CREATE INDEX "role_base_idx" ON "role" USING btree ("base_role_id") WHERE base_role_id is not null;--> statement-breakpoint
CREATE INDEX "role_permission_permission_idx" ON "role_permission" USING btree ("permission_id");