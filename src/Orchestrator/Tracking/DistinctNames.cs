using System.Security.Cryptography;
using System.Text;

namespace Orchestrator.Tracking;

/// <summary>
/// Names as something else takes them, told apart where two become equal: the first one keeps the plain form, every other gets a part of its
/// own behind it, the same in every run.
/// </summary>
/// <param name="clean">Makes a name that is taken; at most so long that the distinguishing part fits behind it.</param>
/// <param name="longest">The most characters that a name may have.</param>
/// <param name="say">Hears of a name that was told apart, once.</param>
internal sealed class DistinctNames(Func<string, string> clean, int longest, Action<string> say)
{
    private const int SuffixDigits = 8;

    private readonly Dictionary<(string Kind, string Name), string> _names = [];
    private readonly Dictionary<string, string> _owners = new(StringComparer.Ordinal);

    /// <summary>Keeps a name for what goes past this.</summary>
    public void Reserve(string name) => _owners[name] = name;

    /// <summary>The name to use.</summary>
    /// <param name="name">The name as it is here.</param>
    /// <param name="kind">What it names: two kinds of one name are told apart as well.</param>
    public string Of(string name, string kind = "")
    {
        if (_names.TryGetValue((kind, name), out var known))
            return known;
        var own = clean(name);
        if (!_owners.TryAdd(own, name))
        {
            var owner = _owners[own];
            var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{kind}\0{name}")))[..SuffixDigits];
            var plain = own;
            own = $"{own[..Math.Min(own.Length, longest - SuffixDigits - 1)]}_{hash}";
            _owners.TryAdd(own, name);
            say($"'{name}' is named '{own}' there, since '{plain}' stands for {(owner == name ? "another thing of that name" : $"'{owner}'")} already");
        }

        return _names[(kind, name)] = own;
    }
}
