namespace Orchestrator.Expressions;

/// <summary>
/// Finds names with an operator in them that stand without backquotes: <c>num-layers</c> would be read as a difference, and where
/// <c>num</c> and <c>layers</c> are names as well, without a sound.
/// </summary>
internal static class GluedNames
{
    /// <exception cref="ExpressionSyntaxException">There is one.</exception>
    public static void Refuse(string text, List<Token> tokens, INameResolver names)
    {
        HashSet<string>? known = null;
        for (var first = 0; first < tokens.Count; first++)
        {
            if (tokens[first].Kind == TokenKind.End || (tokens[first].Kind == TokenKind.Symbol && !char.IsLetter(text[tokens[first].Position])) || text[tokens[first].Position] is '`' or '\'' or '"')
                continue;
            var last = first;
            while (tokens[last + 1].Kind != TokenKind.End && tokens[last + 1].Position == tokens[last].End)
                last++;
            for (; last > first; last--)
            {
                var written = text[tokens[first].Position..tokens[last].End];
                known ??= names.Names.ToHashSet(StringComparer.Ordinal);
                if (known.Contains(written))
                {
                    throw new ExpressionSyntaxException(
                        tokens[first].Position,
                        $"'{written}' is a name with other characters than letters, digits, '_' and '.': write it in backquotes, `{written}`; "
                        + "if an operation is meant, put blanks around its sign.");
                }
            }
        }
    }
}
