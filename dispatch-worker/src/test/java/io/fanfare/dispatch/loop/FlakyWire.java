package io.fanfare.dispatch.loop;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;

/**
 * A wire to the database that loses answers: the claim statement and the commit are carried out,
 * and then the connection breaks.
 */
final class FlakyWire {

  private final Random random;
  private final int percent;
  private final AtomicInteger lost = new AtomicInteger();

  FlakyWire(int percent, long seed) {
    this.percent = percent;
    this.random = new Random(seed);
    System.out.println("seed of the lost answers: " + seed);
  }

  int lost() {
    return lost.get();
  }

  DataSource over(DataSource dataSource) {
    return wrap(DataSource.class, dataSource);
  }

  @SuppressWarnings("unchecked")
  private <T> T wrap(Class<T> type, T target) {
    return (T)
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> {
              if (method.getName().equals("isWrapperFor")) {
                return false;
              }
              Object answer;
              try {
                answer = method.invoke(target, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
              return switch (answer) {
                case Connection connection when type == DataSource.class ->
                    wrap(Connection.class, connection);
                case PreparedStatement statement
                    when ((String) arguments[0]).contains("insert into claim") ->
                    wrap(PreparedStatement.class, statement);
                case null, default -> {
                  String name = method.getName();
                  if (name.equals("commit") || name.equals("executeQuery")) {
                    loseSometimes();
                  }
                  yield answer;
                }
              };
            });
  }

  private synchronized void loseSometimes() throws SQLException {
    if (random.nextInt(100) < percent) {
      lost.incrementAndGet();
      throw new SQLException("the answer was lost", "08006");
    }
  }
}
