using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Orchestrator.Web.Hosting;

/// <summary>A secret that a request must carry, compared in constant time.</summary>
internal sealed class AccessToken
{
    private static readonly byte[] CookiePurpose = "orchestrator dashboard cookie"u8.ToArray();

    private readonly byte[] _hash;
    private readonly byte[] _cookieHash;

    public AccessToken(string value)
    {
        Value = value;
        Cookie = Base64Url.EncodeToString(HMACSHA256.HashData(Encoding.UTF8.GetBytes(value), CookiePurpose));
        (_hash, _cookieHash) = (HashOf(value), HashOf(Cookie));
    }

    /// <summary>The secret.</summary>
    public string Value { get; }

    /// <summary>What stands for it in a cookie: who reads a browser's cookies does not learn the secret.</summary>
    public string Cookie { get; }

    /// <summary>A new secret of 256 bits.</summary>
    public static AccessToken Generate() => new(Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32)));

    public bool Matches(string? given) => Matches(_hash, given);

    public bool MatchesCookie(string? given) => Matches(_cookieHash, given);

    // Hashes have one length, so that the comparison does not tell how long the secret is.
    private static bool Matches(byte[] hash, string? given) =>
        !string.IsNullOrEmpty(given) && CryptographicOperations.FixedTimeEquals(hash, HashOf(given));

    private static byte[] HashOf(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
