package io.fanfare.localstack.simulator.mailbox;

/** A request that cannot be answered as asked: status, a stable code and the reason. */
final class BadRequest extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final int status;
  private final String code;

  BadRequest(int status, String code, String detail) {
    super(detail, null, false, false);
    this.status = status;
    this.code = code;
  }

  int status() {
    return status;
  }

  String code() {
    return code;
  }

  @Override
  public String getMessage() {
    return String.valueOf(super.getMessage());
  }
}
