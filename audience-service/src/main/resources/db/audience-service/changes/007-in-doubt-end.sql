--liquibase formatted sql

--changeset audience-service:007-in-doubt-end
-- Recipients of broadcasts that resend what is in doubt, who are in doubt for good: they have no attempt left. issue: of the command that ended so.
create table in_doubt_end (
  broadcast_id uuid not null,
  contact_id bigint not null,
  channel text not null,
  issue int not null,
  primary key (broadcast_id, contact_id, channel, issue)
);
