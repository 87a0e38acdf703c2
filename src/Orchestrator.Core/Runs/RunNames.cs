using System.Globalization;
using Orchestrator.Numerics;

namespace Orchestrator.Runs;

/// <summary>Names for runs that were given none: two words and a number, such as <c>quiet-harbor-417</c>.</summary>
internal static class RunNames
{
    private static readonly string[] Adjectives =
    [
        "amber", "ample", "apt", "arctic", "azure", "bold", "brave", "brief", "bright", "brisk", "broad", "bronze", "calm", "candid",
        "civic", "clear", "clever", "coastal", "cobalt", "cosmic", "crisp", "curious", "daring", "dawn", "deep", "deft", "distant",
        "dusky", "eager", "early", "earnest", "easy", "elegant", "ember", "even", "fair", "fancy", "fleet", "fluent", "fond", "frank",
        "fresh", "gentle", "gilded", "glad", "golden", "grand", "green", "hardy", "hazel", "hidden", "honest", "humble", "icy",
        "indigo", "ivory", "jade", "jolly", "keen", "kind", "lively", "loyal", "lucid", "lunar", "mellow", "merry", "mighty", "mild",
        "misty", "modest", "mossy", "nimble", "noble", "northern", "novel", "olive", "opal", "open", "patient", "placid", "plain",
        "polar", "proud", "quick", "quiet", "rapid", "rare", "ready", "rosy", "royal", "ruby", "rustic", "sage", "scarlet", "serene",
        "sharp", "silent", "silver", "simple", "sleek", "smooth", "snowy", "solar", "solid", "southern", "spry", "steady", "stellar",
        "still", "stoic", "stout", "subtle", "sunny", "sure", "swift", "tidy", "topaz", "tranquil", "true", "upbeat", "vast", "velvet",
        "verdant", "vivid", "warm", "western", "wild", "windy", "wise", "witty", "young", "zesty",
    ];

    private static readonly string[] Nouns =
    [
        "acorn", "alder", "anchor", "apple", "arch", "ash", "aspen", "atlas", "badger", "banyan", "basin", "bay", "beacon", "bear",
        "beech", "birch", "bison", "bloom", "brook", "canyon", "cedar", "cliff", "cloud", "comet", "condor", "coral", "cove", "crane",
        "creek", "crest", "cricket", "crow", "cypress", "dale", "deer", "delta", "dolphin", "dove", "dune", "eagle", "egret", "elk",
        "elm", "falcon", "fern", "finch", "fjord", "flint", "forest", "fox", "garnet", "geyser", "glacier", "glade", "grove", "gull",
        "harbor", "hare", "hawk", "heath", "heron", "hill", "horizon", "ibis", "inlet", "iris", "island", "jaguar", "jasper",
        "juniper", "kestrel", "lagoon", "lake", "lark", "laurel", "lichen", "lily", "lotus", "lynx", "magpie", "maple", "marsh",
        "meadow", "mesa", "meteor", "moon", "moss", "mountain", "newt", "oak", "ocean", "orbit", "orchid", "osprey", "otter", "owl",
        "palm", "panda", "peak", "pebble", "pelican", "pine", "planet", "plover", "pond", "poplar", "prairie", "puffin", "quail",
        "quartz", "rain", "raven", "reed", "reef", "ridge", "river", "robin", "sable", "sage", "salmon", "sand", "seal", "shore",
        "sparrow", "spring", "spruce", "star", "stone", "stork", "storm", "stream", "summit", "swan", "teal", "thicket", "thistle",
        "thrush", "tide", "trail", "trout", "tulip", "tundra", "valley", "vale", "violet", "walnut", "wave", "willow", "wind", "wolf",
        "wren", "yew", "zephyr",
    ];

    /// <summary>
    /// The name of a sweep's run: a function of both, matching <c>^[a-z]+-[a-z]+-[1-9][0-9]{2}$</c>. Not unique, the id is.
    /// </summary>
    public static string For(string sweep, long number)
    {
        // FNV-1a: string.GetHashCode differs from process to process.
        var hash = 14695981039346656037UL;
        foreach (var c in sweep)
            hash = unchecked((hash ^ c) * 1099511628211UL);
        var random = new SeededRandom(unchecked((long)hash), number);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{Adjectives[random.Next(Adjectives.Length)]}-{Nouns[random.Next(Nouns.Length)]}-{random.Next(100, 1000)}");
    }
}
