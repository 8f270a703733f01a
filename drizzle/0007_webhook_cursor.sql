-- Endpoints are told of what is announced after they were made: nothing from before there were any.
insert into consumer_cursor(name, seq) select 'webhooks', c.seq from consumer_cursor c where c.name = 'announcements';
