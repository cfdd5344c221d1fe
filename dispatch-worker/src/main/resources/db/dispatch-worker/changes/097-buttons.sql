--liquibase formatted sql

--changeset fanfare:097-bot-answer
--comment: When a bot may answer somebody again, by the clock of the database: one answer at a time, whichever worker heard the question.
create table bot_answer (
  bot text primary key,
  free_at timestamptz not null
);
