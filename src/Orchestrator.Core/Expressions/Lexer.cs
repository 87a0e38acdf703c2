using System.Globalization;
using System.Text;

namespace Orchestrator.Expressions;

internal enum TokenKind
{
    Literal,
    Name,

    /// <summary>An operator, a bracket, a comma or a keyword; <see cref="Token.Text"/> is its canonical spelling.</summary>
    Symbol,
    End,
}

/// <summary>A piece of an expression.</summary>
internal readonly record struct Token(TokenKind Kind, int Position, string Text, ParameterValue Value = default)
{
    /// <summary>Where it ends in the text.</summary>
    public int End { get; init; }

    public string Describe() => Kind == TokenKind.End ? "the end" : $"'{Text}'";
}

/// <summary>Thrown inside the lexer and the parser only: after a mistake of grammar there is nothing left to check.</summary>
internal sealed class ExpressionSyntaxException(int position, string message) : Exception(message)
{
    public int Position { get; } = position;
}

/// <summary>Cuts an expression into tokens.</summary>
internal sealed class Lexer(string text)
{
    private static readonly string[] Symbols =
        ["**", "=>", "==", "!=", "<=", ">=", "&&", "||", "+", "-", "*", "/", "%", "<", ">", "!", "(", ")", "[", "]", ","];

    private int _position;

    public List<Token> ReadAll()
    {
        List<Token> tokens = [];
        while (true)
        {
            while (_position < text.Length && char.IsWhiteSpace(text[_position]))
                _position++;
            var token = _position == text.Length ? new Token(TokenKind.End, _position, "") : Next();
            token = token with { End = _position };
            tokens.Add(token);
            if (token.Kind == TokenKind.End)
                return tokens;
        }
    }

    private static bool IsNameStart(char c) => char.IsLetter(c) || c == '_';

    private Token Next()
    {
        var c = text[_position];
        if (IsNameStart(c))
            return Word();
        if (c == '`')
        {
            var start = _position;
            var name = Quoted('`');
            return name.Length == 0
                ? throw new ExpressionSyntaxException(start, "a name was expected between the backquotes.")
                : new Token(TokenKind.Name, start, name);
        }

        if (c is '\'' or '"')
        {
            var start = _position;
            var value = Quoted(c);
            return new Token(TokenKind.Literal, start, text[start.._position], value);
        }

        if (char.IsAsciiDigit(c) || (c == '.' && _position + 1 < text.Length && char.IsAsciiDigit(text[_position + 1])))
            return Number();
        return Symbol();
    }

    private Token Word()
    {
        var start = _position;
        while (_position < text.Length && (char.IsLetterOrDigit(text[_position]) || text[_position] == '_'
            || (text[_position] == '.' && _position + 1 < text.Length && IsNameStart(text[_position + 1]))))
        {
            _position++;
        }

        var word = text[start.._position];
        return word switch
        {
            "true" => new Token(TokenKind.Literal, start, word, true),
            "false" => new Token(TokenKind.Literal, start, word, false),
            "null" => new Token(TokenKind.Literal, start, word, ParameterValue.Null),
            "and" or "or" or "not" or "in" => new Token(TokenKind.Symbol, start, word),
            _ => new Token(TokenKind.Name, start, word),
        };
    }

    private Token Number()
    {
        var start = _position;
        Digits();
        var isInteger = true;
        if (_position < text.Length && text[_position] == '.')
        {
            (isInteger, _position) = (false, _position + 1);
            Digits();
        }

        if (_position < text.Length && text[_position] is 'e' or 'E')
        {
            var sign = _position + 1 < text.Length && text[_position + 1] is '+' or '-' ? 1 : 0;
            if (_position + 1 + sign >= text.Length || !char.IsAsciiDigit(text[_position + 1 + sign]))
                throw new ExpressionSyntaxException(_position, "an exponent was expected after 'e'.");
            (isInteger, _position) = (false, _position + 1 + sign);
            Digits();
        }

        var written = text[start.._position];
        if (_position < text.Length && (IsNameStart(text[_position]) || text[_position] == '.'))
            throw new ExpressionSyntaxException(_position, $"an operator was expected after the number {written}.");
        if (!isInteger)
            return new Token(TokenKind.Literal, start, written, double.Parse(written, NumberStyles.Float, CultureInfo.InvariantCulture));
        return long.TryParse(written, NumberStyles.None, CultureInfo.InvariantCulture, out var integer)
            ? new Token(TokenKind.Literal, start, written, integer)
            : throw new ExpressionSyntaxException(start, $"64 bits cannot hold the integer {written}: write it as a float ({written}.0).");
    }

    private void Digits()
    {
        while (_position < text.Length && char.IsAsciiDigit(text[_position]))
            _position++;
    }

    private string Quoted(char quote)
    {
        var start = _position++;
        var content = new StringBuilder();
        for (; _position < text.Length; _position++)
        {
            var c = text[_position];
            if (c == quote)
            {
                _position++;
                return content.ToString();
            }

            if (c == '\\' && quote != '`' && _position + 1 < text.Length)
            {
                c = text[++_position] switch { 'n' => '\n', 't' => '\t', 'r' => '\r', var other => other };
            }

            content.Append(c);
        }

        throw new ExpressionSyntaxException(start, $"the closing {quote} is missing.");
    }

    private Token Symbol()
    {
        var rest = text.AsSpan(_position);
        foreach (var symbol in Symbols)
        {
            if (!rest.StartsWith(symbol, StringComparison.Ordinal))
                continue;
            var start = _position;
            _position += symbol.Length;
            return new Token(TokenKind.Symbol, start, symbol switch { "&&" => "and", "||" => "or", _ => symbol });
        }

        throw new ExpressionSyntaxException(_position, text[_position] switch
        {
            '=' => "'=' is no operator: write '==' to compare.",
            '&' => "'&' is no operator: write 'and' or '&&'.",
            '|' => "'|' is no operator: write 'or' or '||'.",
            var c => $"the character '{c}' has no meaning here (a name with such characters is written in `backquotes`).",
        });
    }
}
