using Orchestrator.Experiments;

namespace Orchestrator.Tests.Experiments;

public sealed class RunTagsTests
{
    [Theory]
    [InlineData("Baseline", "baseline")]
    [InlineData("team/vision@v1.2-rc_3", "team/vision@v1.2-rc_3")]
    [InlineData("two words!", "two_words_")]
    [InlineData("Größe Δ 模型", "größe_δ_模型")]
    [InlineData("a👍b", "a__b")]
    public void Normalize_AnyText_KeepsLettersDigitsAndFourSigns(string tag, string expected) => Assert.Equal(expected, RunTags.Normalize(tag));

    [Fact]
    public void Normalize_Twice_ChangesNothingMore() => Assert.Equal(RunTags.Normalize("A b/Ç"), RunTags.Normalize(RunTags.Normalize("A b/Ç")));

    [Fact]
    public void Normalize_Blank_Throws() => Assert.Throws<ArgumentException>(() => RunTags.Normalize(" "));
}
