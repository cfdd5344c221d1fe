package io.fanfare.dispatch.channel.email;

/**
 * One address with a name, as it stands in From, To and Reply-To.
 *
 * @param name for people; empty for none
 * @param address an address that {@link MailAddressPolicy} lets pass
 */
record Mailbox(String name, String address) {

  /** Longer names are left out of a header. */
  static final int MAX_NAME_BYTES = 300;

  private static final int LINE = 78;

  /**
   * Appends the mailbox.
   *
   * @param column where in its line it begins
   */
  void appendTo(MessageBytes out, int column) {
    if (HeaderText.clean(name).isEmpty()) {
      out.ascii(address);
      return;
    }
    int after = HeaderText.phrase(name, column, out);
    out.ascii(after + address.length() + 3 > LINE ? "\r\n <" : " <").ascii(address).put('>');
  }
}
