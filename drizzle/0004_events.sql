CREATE INDEX "event_type_idx" ON "event" USING btree ("type","n");--> statement-breakpoint
CREATE INDEX "event_occurred_idx" ON "event" USING brin ("occurred_at");