--liquibase formatted sql

--changeset fanfare:lane
-- Who sends on a lane and what was learned about it. Claims lock the row for share and check the epoch; a new owner
-- raises it, so that what the one before has in hand can no longer be claimed.
create table lane (
  account_id   uuid not null,
  shard        int not null,
  epoch        bigint not null,
  incarnation  bigint not null,
  learned_rate int,
  learned_of   int,
  rest_until   timestamptz,
  primary key (account_id, shard)
) with (fillfactor = 50);
comment on column lane.learned_rate is 'messages a second the provider takes; null when it takes what the account allows';
comment on column lane.learned_of is 'what the account allowed the lane when it was learned';
comment on column lane.rest_until is 'the provider wants nothing before';
