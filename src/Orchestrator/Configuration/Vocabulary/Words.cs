using System.Text.Json;

namespace Orchestrator.Configuration;

/// <summary>Enum members as the words of a sweep file: camelCase.</summary>
internal static class Words
{
    public static string Of<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());

    /// <summary>The words of all members. By the type: a method for each enum would be compiled anew at every start.</summary>
    public static string[] All(Type type) => Array.ConvertAll(Enum.GetNames(type), JsonNamingPolicy.CamelCase.ConvertName);

    /// <summary>The member of a word that has been checked already.</summary>
    public static T Parse<T>(string word)
        where T : struct, Enum => Enum.GetValues<T>().First(v => Of(v) == word);
}
