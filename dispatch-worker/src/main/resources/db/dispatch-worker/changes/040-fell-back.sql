--liquibase formatted sql

--changeset fanfare:040-fell-back
-- Recipients whose contact goes on to the next channel of the broadcast's order.
alter table counter add column fell_back bigint not null default 0;
comment on column claim.bucket is '1 pending, 2 in flight, 3 retrying, 4 sent, 5 failed, 6 dead, 7 in doubt, 8 skipped, 9 cancelled, 10 fell back';
comment on column result.outcome is '1 sent, 2 failed, 3 dead, 4 retrying, 5 rate limited, 6 in doubt, 7 returned, 8 skipped, 9 cancelled, 10 fell back';
