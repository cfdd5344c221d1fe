--liquibase formatted sql

--changeset audience-service:095-erasure
-- An erasure forgets what messages were to say to the contact.
create index message_contact on message (contact_id);
