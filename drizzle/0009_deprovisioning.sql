CREATE TABLE "breaker_memory" (
	"directory_id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"counted_at" timestamp (3) with time zone,
	"place" bigint,
	"removed" integer,
	"allowed" integer,
	"decided_at" timestamp (3) with time zone,
	"alerted_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "held_person" (
	"directory_id" text COLLATE "C" NOT NULL,
	"user_id" text COLLATE "C" NOT NULL,
	"organization_id" text COLLATE "C" NOT NULL,
	"reason" text NOT NULL,
	"from_version" bigint NOT NULL,
	"told_id" text,
	"is_told_active" boolean NOT NULL,
	"since" timestamp (3) with time zone NOT NULL,
	"release_at" timestamp (3) with time zone,
	CONSTRAINT "held_person_pk" PRIMARY KEY("directory_id","user_id")
);
--> statement-breakpoint
CREATE TABLE "removal" (
	"directory_id" text COLLATE "C" NOT NULL,
	"removed_at" timestamp (3) with time zone NOT NULL,
	"user_id" text COLLATE "C" NOT NULL,
	"joined_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "removal_pk" PRIMARY KEY("directory_id","removed_at","user_id")
);
--> statement-breakpoint
CREATE TABLE "removal_policy" (
	"directory_id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"operator_choice" jsonb NOT NULL,
	"admin_choice" jsonb NOT NULL,
	"announce_as" text DEFAULT 'delete' NOT NULL,
	"is_breaker_on" boolean DEFAULT true NOT NULL,
	"breaker_people" integer DEFAULT 25 NOT NULL,
	"breaker_percent" integer DEFAULT 20 NOT NULL,
	"grace_hours" integer DEFAULT 0 NOT NULL,
	"protected_roles" text[] DEFAULT '{}' NOT NULL,
	"seat_overflow" text DEFAULT 'refuse' NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "seat_memory" (
	"organization_id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"place" bigint NOT NULL,
	"taken" integer NOT NULL
);
--> statement-breakpoint
ALTER TABLE "dir_user" ADD COLUMN "is_held" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "removal_policy" ADD CONSTRAINT "removal_policy_directory_id_directory_id_fk" FOREIGN KEY ("directory_id") REFERENCES "public"."directory"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "held_person_reason_idx" ON "held_person" USING btree ("directory_id","reason","since");--> statement-breakpoint
CREATE INDEX "held_person_organization_idx" ON "held_person" USING btree ("organization_id");--> statement-breakpoint
CREATE INDEX "held_person_release_idx" ON "held_person" USING btree ("release_at") WHERE release_at is not null;--> statement-breakpoint
CREATE INDEX "removal_time_idx" ON "removal" USING brin ("removed_at");--> statement-breakpoint
CREATE INDEX "dir_user_held_idx" ON "dir_user" USING btree ("directory_id","id") WHERE is_held;