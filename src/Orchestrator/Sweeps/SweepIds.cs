using System.Globalization;
using System.Security.Cryptography;

namespace Orchestrator.Sweeps;

/// <summary>Ids of sweeps: sortable by time, easily typed, distinct across processes and machines.</summary>
internal static class SweepIds
{
    private const string Letters = "abcdefghjkmnpqrstuvwxyz23456789"; // without those that are mistaken for one another

    /// <summary><c>20261121-093015-k7wq</c>.</summary>
    public static string New(DateTimeOffset at) =>
        at.UtcDateTime.ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture) + "-" + RandomNumberGenerator.GetString(Letters, 4);
}
