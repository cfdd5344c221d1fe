package io.fanfare.dispatch.channel.email;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The idle connections, by account; at most {@link SmtpSettings#connections()} each. The newest is
 * taken first, so that those too many grow old and are closed.
 */
final class SmtpPool {

  private final SmtpSettings settings;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<UUID, Deque<SmtpConnection>> idle = new HashMap<>();
  private boolean closed;

  SmtpPool(SmtpSettings settings) {
    this.settings = settings;
  }

  /** A connection of this version of the account that was not closed, as far as can be seen. */
  @Nullable SmtpConnection take(UUID accountId, long version) {
    List<SmtpConnection> useless = new ArrayList<>();
    SmtpConnection taken = null;
    lock.lock();
    try {
      Deque<SmtpConnection> connections = idle.getOrDefault(accountId, new ArrayDeque<>());
      while (taken == null && !connections.isEmpty()) {
        SmtpConnection next = connections.removeLast();
        if (next.accountVersion() == version && !next.hasUnread()) {
          taken = next;
        } else {
          useless.add(next);
        }
      }
    } finally {
      lock.unlock();
    }
    useless.forEach(SmtpConnection::quit);
    return taken;
  }

  /** Keeps a connection for later, or closes it when it has served its time. */
  void give(UUID accountId, SmtpConnection connection) {
    boolean kept = false;
    lock.lock();
    try {
      Deque<SmtpConnection> connections = idle.computeIfAbsent(accountId, id -> new ArrayDeque<>());
      if (!closed
          && connections.size() < settings.connections()
          && connection.messages() < settings.messagesPerConnection()) {
        connection.setIdleSince(System.nanoTime());
        connections.addLast(connection);
        kept = true;
      }
    } finally {
      lock.unlock();
    }
    if (!kept) {
      connection.quit();
    }
  }

  /** Closes an account's idle connections: where one was found dead, the others are as well. */
  void discard(UUID accountId) {
    Deque<SmtpConnection> dead;
    lock.lock();
    try {
      dead = idle.remove(accountId);
    } finally {
      lock.unlock();
    }
    if (dead != null) {
      dead.forEach(SmtpConnection::close);
    }
  }

  /** Closes what has been idle for too long. */
  void closeIdle(long now) {
    closeOlderThan(now, settings.idleTimeout());
  }

  /** Closes all and keeps none from now on. */
  void close() {
    lock.lock();
    try {
      closed = true;
    } finally {
      lock.unlock();
    }
    closeOlderThan(System.nanoTime(), Duration.ofNanos(-1));
  }

  private void closeOlderThan(long now, Duration age) {
    List<SmtpConnection> old = new ArrayList<>();
    lock.lock();
    try {
      Iterator<Deque<SmtpConnection>> accounts = idle.values().iterator();
      while (accounts.hasNext()) {
        Deque<SmtpConnection> connections = accounts.next();
        while (!connections.isEmpty() && now - connections.getFirst().idleSince() > age.toNanos()) {
          old.add(connections.removeFirst());
        }
        if (connections.isEmpty()) {
          accounts.remove();
        }
      }
    } finally {
      lock.unlock();
    }
    // Not from the watchdog's own thread: it must be free to cut off a goodbye that blocks.
    if (!old.isEmpty()) {
      Thread.startVirtualThread(() -> old.forEach(SmtpConnection::quit));
    }
  }
}
