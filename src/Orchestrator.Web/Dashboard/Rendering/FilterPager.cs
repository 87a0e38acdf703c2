using Hangfire.Dashboard;

namespace Orchestrator.Web.Dashboard.Rendering;

/// <summary>Hangfire's pager for a list that is filtered as well: the addresses of the pages keep the filter.</summary>
internal sealed class FilterPager : Pager
{
    public const int MostPerPage = 200;
    private readonly string _filter;
    private readonly string _anchor;

    /// <param name="from">The first record, as the address has it.</param>
    /// <param name="perPage">Records on a page, as the address has it.</param>
    /// <param name="defaultPerPage">Records on a page if the address has none.</param>
    /// <param name="total">All records.</param>
    /// <param name="filter">The rest of the query string, beginning with a question mark, or empty.</param>
    /// <param name="anchor">Where on the page the list stands, beginning with <c>#</c>, or empty.</param>
    private FilterPager(int from, int perPage, int defaultPerPage, long total, string filter, string anchor)
        : base(from, perPage, defaultPerPage, total) => (_filter, _anchor) = (filter, anchor);

    public static FilterPager Create(DashboardContext context, long total, string filter, string anchor = "")
    {
        var perPage = Math.Min(Number(context, "count"), MostPerPage);
        var usual = Math.Clamp(context.Options.DefaultRecordsPerPage, 1, MostPerPage);
        var size = perPage > 0 ? perPage : usual;
        var last = total == 0 ? 0 : (total - 1) / size * size; // of a list that has become shorter, the last page
        return new FilterPager((int)Math.Min(Number(context, "from"), Math.Min(last, int.MaxValue)), perPage, usual, total, filter, anchor);
    }

    public override string PageUrl(int page) => page < 1 || page > TotalPageCount
        ? "#"
        : FormattableString.Invariant($"{(_filter.Length == 0 ? "?" : _filter + "&")}from={(page - 1) * RecordsPerPage}&count={RecordsPerPage}{_anchor}");

    private static int Number(DashboardContext context, string name) =>
        int.TryParse(context.Request.GetQuery(name), System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var value) ? value : 0;
}
