CREATE TABLE "announcement" (
	"seq" bigint PRIMARY KEY NOT NULL,
	"n" bigint NOT NULL,
	"type" text NOT NULL,
	"organization_id" text,
	"directory_id" text,
	"announced_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "consumer_cursor" (
	"name" text PRIMARY KEY NOT NULL,
	"seq" bigint DEFAULT 0 NOT NULL
);
--> statement-breakpoint
CREATE TABLE "event_outbox" (
	"n" bigint PRIMARY KEY NOT NULL
);
--> statement-breakpoint
DROP INDEX "event_seq_key";--> statement-breakpoint
DROP INDEX "event_unsequenced_idx";--> statement-breakpoint
DROP INDEX "event_type_idx";--> statement-breakpoint
CREATE UNIQUE INDEX "announcement_n_key" ON "announcement" USING btree ("n");--> statement-breakpoint
CREATE INDEX "announcement_type_idx" ON "announcement" USING btree ("type","seq");--> statement-breakpoint
CREATE INDEX "announcement_organization_idx" ON "announcement" USING btree ("organization_id","seq");--> statement-breakpoint
ALTER TABLE "event" DROP COLUMN "seq";