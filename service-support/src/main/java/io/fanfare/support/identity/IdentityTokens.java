package io.fanfare.support.identity;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.util.Date;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

/**
 * Signs and reads the identity that travels from the front door to the services behind it: a JWT,
 * HS256, good for a minute.
 */
public final class IdentityTokens {

  /** The authorization scheme of a signed identity. */
  public static final String SCHEME = "Fanfare-Identity ";

  private static final String ISSUER = "fanfare-front-door";
  private static final Duration LIFETIME = Duration.ofMinutes(1);
  private static final Duration CLOCK_SKEW = Duration.ofSeconds(30);

  private final MACSigner signer;
  private final MACVerifier verifier;
  private final Clock clock;

  /**
   * @param key at least 32 bytes
   * @throws IllegalArgumentException when the key is shorter
   */
  public IdentityTokens(byte[] key, Clock clock) {
    try {
      this.signer = new MACSigner(key);
      this.verifier = new MACVerifier(key);
    } catch (JOSEException e) {
      throw new IllegalArgumentException("FANFARE_IDENTITY_KEY: " + e.getMessage(), e);
    }
    this.clock = clock;
  }

  /** The value of an {@code Authorization} header. */
  public String authorization(Identity identity) {
    return SCHEME + sign(identity);
  }

  /** The identity as a token. */
  public String sign(Identity identity) {
    JWTClaimsSet.Builder claims =
        new JWTClaimsSet.Builder()
            .issuer(ISSUER)
            .subject(identity.actor())
            .claim("role", identity.role().id())
            .expirationTime(Date.from(clock.instant().plus(LIFETIME)));
    if (identity.tenantId() != null) {
      claims.claim("tenant", identity.tenantId().toString());
    }
    SignedJWT token = new SignedJWT(new JWSHeader(JWSAlgorithm.HS256), claims.build());
    try {
      token.sign(signer);
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
    return token.serialize();
  }

  /** The identity in a token; empty when it is forged, malformed or out of date. */
  public Optional<Identity> verify(String token) {
    try {
      SignedJWT jwt = SignedJWT.parse(token);
      if (!JWSAlgorithm.HS256.equals(jwt.getHeader().getAlgorithm()) || !jwt.verify(verifier)) {
        return Optional.empty();
      }
      JWTClaimsSet claims = jwt.getJWTClaimsSet();
      Date expires = claims.getExpirationTime();
      if (expires == null
          || !ISSUER.equals(claims.getIssuer())
          || expires.toInstant().plus(CLOCK_SKEW).isBefore(clock.instant())) {
        return Optional.empty();
      }
      String tenant = claims.getStringClaim("tenant");
      return Optional.of(
          new Identity(
              tenant == null ? null : UUID.fromString(tenant),
              claims.getSubject(),
              Role.valueOf(claims.getStringClaim("role").toUpperCase(Locale.ROOT))));
    } catch (ParseException | JOSEException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
