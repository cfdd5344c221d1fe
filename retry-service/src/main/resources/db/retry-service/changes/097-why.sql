--liquibase formatted sql

--changeset fanfare:097-retrying
--comment: Finds who is being tried again, page by page.
create index retry_retrying on retry (broadcast_id, contact_id, channel) where bucket = 'retrying';

--changeset fanfare:097-hand-order
--comment: What somebody decided by hand of a recipient: to send again or to leave it, and the issue it lets in or would have.
create table hand_order (
  broadcast_id uuid not null,
  contact_id bigint not null,
  channel text not null,
  issue int not null,
  what text not null check (what in ('requeue', 'resend', 'discard')),
  actor text not null,
  at timestamptz not null,
  ledger_day date not null,
  primary key (broadcast_id, contact_id, channel, issue)
);
create index hand_order_ledger_day on hand_order (ledger_day);
