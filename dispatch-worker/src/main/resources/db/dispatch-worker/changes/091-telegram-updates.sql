--liquibase formatted sql

--changeset fanfare:091-result-chat
-- Where a sent Telegram message went, so that what people answer finds the message. Null for everything else, and such
-- rows are not in the index.
alter table result add column chat bigint;
create index result_chat on result (chat) where chat is not null;

--changeset fanfare:091-poller-lease
-- Who asks Telegram for the updates of a bot: Telegram answers one only.
create table poller_lease (
  bot    text primary key,
  holder uuid not null,
  until  timestamptz not null
) with (fillfactor = 50);
comment on column poller_lease.bot is 'host of the Bot API, number of the bot and a fingerprint of its token';

--changeset fanfare:091-update-seen
-- When an update came that does not say when it was made, so that a repeat of it is told with the same time.
create table update_seen (
  bot       text not null,
  update_id bigint not null,
  at        timestamptz not null,
  primary key (bot, update_id)
);
