--liquibase formatted sql

--changeset fanfare:097-result-unsent
-- Finds the recipients of a broadcast that ended otherwise than sent, who are few, in the order of their ids. Rows are
-- never updated, so none leaves the index; those of sent messages, nearly all, are found by the primary key.
create index result_unsent on result (broadcast_id, outcome, contact_id, channel, issue) where outcome <> 1;
