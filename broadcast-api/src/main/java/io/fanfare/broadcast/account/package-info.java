/** Channel accounts: a bot or a mail server with its limits and its sealed secret. */
@NullMarked
package io.fanfare.broadcast.account;

import org.jspecify.annotations.NullMarked;
