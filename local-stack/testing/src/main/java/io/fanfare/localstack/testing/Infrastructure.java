package io.fanfare.localstack.testing;

/** A running broker and database server; whoever started it closes it. */
sealed interface Infrastructure extends AutoCloseable
    permits EmbeddedInfrastructure, ContainerInfrastructure {

  String bootstrapServers();

  /** Creates an empty database of this name. */
  TestDatabase createDatabase(String name);

  @Override
  void close();
}
