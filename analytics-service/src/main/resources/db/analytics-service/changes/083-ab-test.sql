--liquibase formatted sql

--changeset fanfare:083-ab-test
--comment: A/B tests as they stand, every look with all it used, and the results for SQL.
create table ab_test (
  broadcast_id uuid primary key,
  tenant_id uuid not null,
  -- of the newest control seen
  epoch bigint not null,
  plan jsonb not null,
  channel text not null,
  metric text not null,
  -- the rows of engagement_count the metric is read from
  kind text not null,
  event_name text not null,
  started_at timestamptz not null,
  paused_at timestamptz,
  paused_ms bigint not null,
  -- running, awaiting_decision, blocked, decided, cancelled
  state text not null,
  looks_done int not null,
  next_look_at timestamptz,
  recommended text,
  winner text,
  -- winner, fallback, operator
  decided_by text,
  decided_at timestamptz,
  decided_actor text
);
create index ab_test_due on ab_test (next_look_at) where state = 'running' and paused_at is null;

create table ab_look (
  broadcast_id uuid not null references ab_test,
  look int not null,
  fraction double precision not null,
  looked_at timestamptz not null,
  -- wait, blocked, winner, fallback
  verdict text not null,
  -- too_small, sample_ratio, not_significant, significant
  reason text not null,
  -- alpha was spent
  tested boolean not null,
  information double precision not null,
  chi_square double precision not null,
  ratio_p_value double precision not null,
  primary key (broadcast_id, look)
);

create table ab_look_variant (
  broadcast_id uuid not null,
  look int not null,
  -- the control is 0
  place int not null,
  variant text not null,
  sent bigint not null,
  converted bigint not null,
  value_sum double precision not null,
  value_squares double precision not null,
  -- against the control; null for the control itself
  difference double precision,
  low double precision,
  high double precision,
  z double precision,
  boundary double precision,
  p_value double precision,
  adjusted_p_value double precision,
  significant boolean,
  primary key (broadcast_id, look, place),
  foreign key (broadcast_id, look) references ab_look
);

create view ab_test_results_summary as
select
  t.tenant_id,
  t.broadcast_id,
  t.channel,
  t.metric,
  v.spec ->> 'id' as variant,
  v.spec ->> 'name' as variant_name,
  v.place = 1 as is_control,
  (v.spec ->> 'percent')::int as percent,
  coalesce(r.sent, 0) as sent,
  coalesce(e.recipients, 0) as converted,
  case when r.sent > 0 then least(1, coalesce(e.recipients, 0)::numeric / r.sent) end
    as conversion_rate,
  case when r.sent > 0 then coalesce(e.value_sum, 0) / r.sent end as value_per_recipient,
  nullif(t.looks_done, 0) as last_look,
  l.difference,
  l.low as difference_low,
  l.high as difference_high,
  l.z,
  l.boundary,
  l.p_value,
  l.adjusted_p_value,
  l.significant,
  t.state,
  coalesce(t.winner = v.spec ->> 'id', false) as is_winner,
  t.decided_by,
  t.decided_at,
  t.started_at
from ab_test t
cross join lateral jsonb_array_elements(t.plan -> 'variants') with ordinality as v (spec, place)
left join recipient_count r
  on r.broadcast_id = t.broadcast_id and r.channel = t.channel and r.variant = v.spec ->> 'id'
left join engagement_count e
  on e.broadcast_id = t.broadcast_id and e.channel = t.channel and e.variant = v.spec ->> 'id'
  and e.kind = t.kind and e.name = t.event_name and not e.machine
left join ab_look_variant l
  on l.broadcast_id = t.broadcast_id and l.look = t.looks_done and l.variant = v.spec ->> 'id';

comment on view ab_test_results_summary is 'one row per variant of every A/B test: its figures now, and what the newest look found';
comment on column ab_test_results_summary.tenant_id is 'the tenant whose broadcast it is; filter by it';
comment on column ab_test_results_summary.broadcast_id is 'the broadcast that is tested';
comment on column ab_test_results_summary.channel is 'the channel whose recipients are compared';
comment on column ab_test_results_summary.metric is 'what the variants are compared by: click, open, reply, button, custom or custom_value';
comment on column ab_test_results_summary.variant is 'the id of the variant, a to h';
comment on column ab_test_results_summary.variant_name is 'what people call the variant';
comment on column ab_test_results_summary.is_control is 'the first variant, which all others are compared with';
comment on column ab_test_results_summary.percent is 'its share of the whole audience, the hold-back included';
comment on column ab_test_results_summary.sent is 'recipients the variant was sent to, now; those of the hold-back are not in it';
comment on column ab_test_results_summary.converted is 'recipients who did at least once what the metric names, now, machines left out';
comment on column ab_test_results_summary.conversion_rate is 'converted of sent, now, 0 to 1; null before anything was sent';
comment on column ab_test_results_summary.value_per_recipient is 'sum of the values of the custom events over sent, now; null before anything was sent';
comment on column ab_test_results_summary.last_look is 'the number of the newest look; null before the first';
comment on column ab_test_results_summary.difference is 'rate or value less the control''s, at the newest look; null for the control';
comment on column ab_test_results_summary.difference_low is 'lower end of the repeated confidence interval of the difference, at the newest look';
comment on column ab_test_results_summary.difference_high is 'upper end of the same';
comment on column ab_test_results_summary.z is 'the difference in standard errors, at the newest look';
comment on column ab_test_results_summary.boundary is 'what z had to reach on either side at that look';
comment on column ab_test_results_summary.p_value is 'repeated two-sided p-value of this comparison alone, at the newest look';
comment on column ab_test_results_summary.adjusted_p_value is 'the same by Holm over all comparisons with the control';
comment on column ab_test_results_summary.significant is 'the newest look found a difference from the control';
comment on column ab_test_results_summary.state is 'running, awaiting_decision, blocked, decided or cancelled';
comment on column ab_test_results_summary.is_winner is 'the hold-back got this variant';
comment on column ab_test_results_summary.decided_by is 'winner (significant), fallback (nothing was) or operator (somebody chose); null before';
comment on column ab_test_results_summary.decided_at is 'when it was decided';
comment on column ab_test_results_summary.started_at is 'when the broadcast started';
