CREATE TABLE "loop_state" (
	"name" text PRIMARY KEY NOT NULL,
	"every_ms" integer NOT NULL,
	"run_count" bigint DEFAULT 0 NOT NULL,
	"last_run_at" timestamp (3) with time zone,
	"last_error" text,
	"last_error_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "webhook_attempt" (
	"delivery_id" text COLLATE "C" NOT NULL,
	"number" integer NOT NULL,
	"started_at" timestamp (3) with time zone NOT NULL,
	"latency_ms" integer NOT NULL,
	"status" integer,
	"error" text,
	"request_headers" jsonb NOT NULL,
	"is_out_of_order" boolean NOT NULL,
	"answer" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "webhook_delivery" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"endpoint_id" text COLLATE "C" NOT NULL,
	"seq" bigint,
	"n" bigint,
	"event_id" text COLLATE "C" NOT NULL,
	"type" text NOT NULL,
	"organization_id" text,
	"resource" text NOT NULL,
	"test_envelope" jsonb,
	"state" text DEFAULT 'pending' NOT NULL,
	"due_at" timestamp (3) with time zone,
	"is_waiting" boolean DEFAULT false NOT NULL,
	"lease_token" text,
	"attempt_count" integer DEFAULT 0 NOT NULL,
	"round_attempts" integer DEFAULT 0 NOT NULL,
	"last_status" integer,
	"last_error" text,
	"created_at" timestamp (3) with time zone NOT NULL,
	"finished_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "webhook_endpoint" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"url" text NOT NULL,
	"description" text NOT NULL,
	"event_types" text[] NOT NULL,
	"organization_ids" text[] NOT NULL,
	"is_enabled" boolean DEFAULT true NOT NULL,
	"disabled_reason" text,
	"flagged_at" timestamp (3) with time zone,
	"sealed_secret" text NOT NULL,
	"sealed_previous_secret" text,
	"previous_secret_until" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "webhook_attempt" ADD CONSTRAINT "webhook_attempt_delivery_id_webhook_delivery_id_fk" FOREIGN KEY ("delivery_id") REFERENCES "public"."webhook_delivery"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "webhook_delivery" ADD CONSTRAINT "webhook_delivery_endpoint_id_webhook_endpoint_id_fk" FOREIGN KEY ("endpoint_id") REFERENCES "public"."webhook_endpoint"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "webhook_attempt_key" ON "webhook_attempt" USING btree ("delivery_id","number");--> statement-breakpoint
CREATE UNIQUE INDEX "webhook_delivery_seq_key" ON "webhook_delivery" USING btree ("endpoint_id","seq");--> statement-breakpoint
CREATE INDEX "webhook_delivery_due_idx" ON "webhook_delivery" USING btree ("endpoint_id","due_at") WHERE state = 'pending';--> statement-breakpoint
CREATE INDEX "webhook_delivery_pending_idx" ON "webhook_delivery" USING btree ("endpoint_id","resource","seq") WHERE state = 'pending';--> statement-breakpoint
CREATE INDEX "webhook_delivery_resource_idx" ON "webhook_delivery" USING btree ("endpoint_id","resource","seq");--> statement-breakpoint
CREATE INDEX "webhook_delivery_state_idx" ON "webhook_delivery" USING btree ("endpoint_id","state","id");--> statement-breakpoint
CREATE INDEX "announcement_time_idx" ON "announcement" USING brin ("announced_at");