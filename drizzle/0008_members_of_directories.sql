CREATE TABLE "directory_member" (
	"directory_id" text COLLATE "C" NOT NULL,
	"directory_user_id" text COLLATE "C" NOT NULL,
	"organization_id" text COLLATE "C" NOT NULL,
	"user_id" text COLLATE "C" NOT NULL,
	"is_active" boolean NOT NULL,
	"role_ids" text[] NOT NULL,
	CONSTRAINT "directory_member_pk" PRIMARY KEY("directory_id","directory_user_id")
);
--> statement-breakpoint
DROP INDEX "app_user_email_key";--> statement-breakpoint
ALTER TABLE "app_user" ADD COLUMN "is_found_by_email" boolean DEFAULT true NOT NULL;--> statement-breakpoint
ALTER TABLE "app_user" ADD COLUMN "is_made_by_directory" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "directory_member" ADD CONSTRAINT "directory_member_membership_fk" FOREIGN KEY ("organization_id","user_id") REFERENCES "public"."organization_membership"("organization_id","user_id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "directory_member_user_idx" ON "directory_member" USING btree ("user_id","organization_id");--> statement-breakpoint
CREATE UNIQUE INDEX "app_user_email_key" ON "app_user" USING btree ("email_key") WHERE is_found_by_email;--> statement-breakpoint
-- The mirror of directories starts at the first announcement, so that the people of directories that are older become members too.
insert into consumer_cursor(name) values ('members');
