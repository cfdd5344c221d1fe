--liquibase formatted sql

--changeset audience-service:091-contact-telegram-chat
--comment: Whose chat says something to a bot.
create index contact_telegram_chat on contact (tenant_id, telegram_chat_id)
  where telegram_chat_id is not null;
