package io.fanfare.dispatch.loop;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;

/**
 * A wire to a database that, once told, takes a statement for nonsense: a bug that kills a thread.
 */
final class RefusingWire {

  private final String statement;
  private volatile boolean refuses;

  /**
   * @param statement the statements that contain this are refused
   */
  RefusingWire(String statement) {
    this.statement = statement;
  }

  void refuse() {
    refuses = true;
  }

  DataSource over(DataSource dataSource) {
    return wrap(DataSource.class, dataSource);
  }

  private <T> T wrap(Class<T> type, T target) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> {
              String name = method.getName();
              if (name.equals("isWrapperFor")) {
                return false;
              }
              if (refuses
                  && name.equals("prepareStatement")
                  && ((String) arguments[0]).contains(statement)) {
                throw new SQLException("nonsense", "42601");
              }
              try {
                Object answer = method.invoke(target, arguments);
                return answer instanceof Connection connection && type == DataSource.class
                    ? wrap(Connection.class, connection)
                    : answer;
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            }));
  }
}
