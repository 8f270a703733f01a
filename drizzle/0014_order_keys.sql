-- No release had deliveries.
delete from webhook_delivery;--> statement-breakpoint
DROP INDEX "webhook_delivery_due_idx";--> statement-breakpoint
DROP INDEX "webhook_delivery_pending_idx";--> statement-breakpoint
DROP INDEX "webhook_delivery_sent_idx";--> statement-breakpoint
ALTER TABLE "webhook_delivery" ADD COLUMN "order_key" text COLLATE "C" NOT NULL;--> statement-breakpoint
CREATE INDEX "webhook_delivery_due_idx" ON "webhook_delivery" USING btree ("endpoint_id","due_at","seq") WHERE state = 'pending';--> statement-breakpoint
CREATE INDEX "webhook_delivery_pending_idx" ON "webhook_delivery" USING btree ("order_key","seq") WHERE state = 'pending';--> statement-breakpoint
CREATE INDEX "webhook_delivery_sent_idx" ON "webhook_delivery" USING btree ("order_key","seq") WHERE attempt_count > 0 or lease_token is not null;