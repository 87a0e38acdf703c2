using System.Globalization;
using System.Runtime.CompilerServices;

namespace Orchestrator.Tests.Support;

/// <summary>
/// The tests run as on the machine of somebody who writes numbers and dates in another way: what the product writes, and what it reads, is the same
/// everywhere. Made by hand, since this process has the data of no real culture.
/// </summary>
internal static class OddCulture
{
    [ModuleInitializer]
    internal static void Use()
    {
        var odd = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        var numbers = odd.NumberFormat;
        (numbers.NumberDecimalSeparator, numbers.NumberGroupSeparator) = (",", ".");
        (numbers.PercentDecimalSeparator, numbers.PercentGroupSeparator, numbers.PercentSymbol) = (",", ".", "pct");
        (numbers.NegativeSign, numbers.PositiveInfinitySymbol, numbers.NegativeInfinitySymbol, numbers.NaNSymbol) = ("\u2212", "\u221e", "\u2212\u221e", "n. def.");
        var dates = odd.DateTimeFormat;
        (dates.DateSeparator, dates.TimeSeparator) = (".", ".");
        (dates.ShortDatePattern, dates.LongTimePattern, dates.ShortTimePattern) = ("dd/MM/yyyy", "HH:mm:ss", "HH:mm");
        CultureInfo.DefaultThreadCurrentCulture = odd;
        CultureInfo.CurrentCulture = odd;
    }
}
