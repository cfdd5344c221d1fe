package io.fanfare.dispatch.channel.telegram;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import okhttp3.Interceptor;
import okhttp3.Response;

/**
 * Watches one request from inside OkHttp, as a network interceptor: there the connection stands and
 * no byte of the request is written. Asks for the stop, and remembers whether anything was written.
 */
final class TelegramCall implements Interceptor {

  /** The stop was ordered before the first byte. */
  static final class Stopped extends IOException {

    private static final long serialVersionUID = 1L;

    Stopped() {
      super("stopped before the request was written");
    }
  }

  private enum State {
    OPEN,
    WRITTEN,
    FORBIDDEN
  }

  private final BooleanSupplier mayWrite;
  private final AtomicReference<State> state = new AtomicReference<>(State.OPEN);
  private volatile int httpStatus;

  /**
   * @param mayWrite asked right before a write
   */
  TelegramCall(BooleanSupplier mayWrite) {
    this.mayWrite = mayWrite;
  }

  @Override
  public Response intercept(Chain chain) throws IOException {
    if (!mayWrite.getAsBoolean()) {
      throw new Stopped();
    }
    if (!state.compareAndSet(State.OPEN, State.WRITTEN) && state.get() == State.FORBIDDEN) {
      throw new Stopped();
    }
    // OkHttp itself repeats what was answered 503 with no wait: only the last answer counts.
    httpStatus = 0;
    Response response = chain.proceed(chain.request());
    httpStatus = response.code();
    return response;
  }

  /** Whether a byte of the request may have left; when not, none ever will. */
  boolean writtenOrForbid() {
    return !state.compareAndSet(State.OPEN, State.FORBIDDEN) && state.get() == State.WRITTEN;
  }

  /** The status of the last answer; 0 when none came. */
  int httpStatus() {
    return httpStatus;
  }
}
