using System.Text.Json;

namespace Orchestrator.Configuration;

/// <summary>Enum members as the words of a sweep file: camelCase.</summary>
internal static class Words
{
    public static string Of<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());

    /// <summary>The member of a word that has been checked already.</summary>
    public static T Parse<T>(string word)
        where T : struct, Enum => Enum.GetValues<T>().First(v => Of(v) == word);
}
