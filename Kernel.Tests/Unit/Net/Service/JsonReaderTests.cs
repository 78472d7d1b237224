using System;
using System.Text;
using System.Text.Json;
using HaukiOS.Net.Services;
using NUnit.Framework;

namespace HaukiOS.Tests.Unit.Net.Service;

/// <summary>The strict reader of small JSON texts, held to .NET's own.</summary>
[TestFixture]
public sealed class JsonReaderTests
{
    private static readonly string[] Alphabet =
    [
        "{", "}", "[", "]", ",", ":", "\"a\"", "\"\\u00e4\"", "\"\\x\"", "\"b", "1", "-0.5e+3", "01", "1.", "2e", "-",
        "true", "false", "null", "tru", " ", "\n", "\t", "\u00a0",
    ];

    [TestCase("{}")]
    [TestCase(" [ ] ")]
    [TestCase("""{"a":1,"b":[true,false,null,{"c":"\"\\\/\b\f\n\r\tA"}],"d":-12.5E-7}""")]
    [TestCase("0")]
    [TestCase("\"x\"")]
    public void Well_formed_texts_are_read_to_their_end(string text) => Assert.That(IsWellFormed(text));

    [TestCase("")]
    [TestCase("{")]
    [TestCase("{}{}")]
    [TestCase("{]")]
    [TestCase("[1,]")]
    [TestCase("[,1]")]
    [TestCase("{\"a\"}")]
    [TestCase("{\"a\":}")]
    [TestCase("{\"a\":1,}")]
    [TestCase("{1:2}")]
    [TestCase("[1 2]")]
    [TestCase("01")]
    [TestCase("1.")]
    [TestCase(".5")]
    [TestCase("1e")]
    [TestCase("+1")]
    [TestCase("\"\\u12g4\"")]
    [TestCase("\"\\u12")]
    [TestCase("\"\\")]
    [TestCase("\"\u0001\"")]
    [TestCase("nul")]
    [TestCase("True")]
    public void What_the_grammar_does_not_allow_is_malformed(string text) => Assert.That(IsWellFormed(text), Is.False);

    [Test]
    public void Judges_as_dotnet_does_whatever_comes()
    {
        var random = new Random(7);
        int good = 0;
        for (int round = 0; round < 200_000; round++)
        {
            var text = new StringBuilder();
            for (int i = random.Next(1, 9); i > 0; i--)
            {
                text.Append(Alphabet[random.Next(Alphabet.Length)]);
            }

            bool ours = IsWellFormed(text.ToString());
            good += ours ? 1 : 0;
            Assert.That(ours, Is.EqualTo(IsWellFormedForDotNet(text.ToString())), $"{text} (seed 7, round {round})");
        }

        Assert.That(good, Is.GreaterThan(1000));
    }

    [Test]
    public void Nesting_is_bounded()
    {
        Assert.That(IsWellFormed(Nested(JsonReader.DepthMax)));
        Assert.That(IsWellFormed(Nested(JsonReader.DepthMax + 1)), Is.False);
    }

    [TestCase("0", 0)]
    [TestCase("-0", 0)]
    [TestCase("123456789012345678", 123456789012345678)]
    [TestCase("-42", -42)]
    [TestCase("7.99", 7)]
    [TestCase("1.25e2", 125)]
    [TestCase("1250e-2", 12)]
    [TestCase("1e-5", 0)]
    [TestCase("1.5E+3", 1500)]
    [TestCase("0e300", 0)]
    public void Numbers_lose_their_fraction(string text, long expected)
    {
        var reader = new JsonReader(Encoding.UTF8.GetBytes(text));
        Assert.That(reader.Read(), Is.EqualTo(JsonToken.Number));
        Assert.That(reader.TryGetInteger(out long value));
        Assert.That(value, Is.EqualTo(expected));
    }

    [TestCase("1234567890123456789")]
    [TestCase("1e18")]
    [TestCase("1e99999999999")]
    public void Numbers_beyond_64_bits_are_refused(string text)
    {
        var reader = new JsonReader(Encoding.UTF8.GetBytes(text));
        Assert.That(reader.Read(), Is.EqualTo(JsonToken.Number));
        Assert.That(reader.TryGetInteger(out _), Is.False);
    }

    [Test]
    public void Iperf_parameters_are_taken_out_of_whatever_stands_around_them()
    {
        const string text = """
            {"tcp":true,"omit":2,"time":10,"num":0,"blockcount":0,"parallel":4,"reverse":true,"len":131072,
             "pacing_timer":1000,"extra":{"a":[1,{"tcp":false}]},"client_version":"3.12"}
            """;
        Assert.That(IperfParameters.TryDecode(Encoding.UTF8.GetBytes(text), out IperfParameters parameters));
        Assert.That(parameters.IsTcp && parameters.Reverse && !parameters.BothWays);
        Assert.That((parameters.Parallel, parameters.OmitSeconds), Is.EqualTo((4, 2)));
    }

    [TestCase("[]")]
    [TestCase("{\"parallel\":0}")]
    [TestCase("{\"parallel\":-1}")]
    [TestCase("{\"parallel\":33}")]
    [TestCase("{\"parallel\":\"4\"}")]
    [TestCase("{\"tcp\":[true]}")]
    [TestCase("{\"tcp\":true")]
    [TestCase("{\"tcp\":true} x")]
    public void Impossible_iperf_parameters_are_refused(string text) =>
        Assert.That(IperfParameters.TryDecode(Encoding.UTF8.GetBytes(text), out _), Is.False);

    [Test]
    public void Stream_numbers_are_read_out_of_results()
    {
        Span<int> ids = stackalloc int[4];
        byte[] good = """{"cpu":1.5,"streams":[{"id":1,"bytes":5},{"bytes":7,"id":3}],"x":null}"""u8.ToArray();
        Assert.That(IperfParameters.ReadStreamIds(good, ids), Is.EqualTo(2));
        Assert.That(ids[..2].ToArray(), Is.EqualTo(new[] { 1, 3 }));
        Assert.That(IperfParameters.ReadStreamIds("""{"streams":[{"id":1},2]}"""u8, ids), Is.EqualTo(-1));
        byte[] many = """{"streams":[{"id":1},{"id":2},{"id":3},{"id":4},{"id":5}]}"""u8.ToArray();
        Assert.That(IperfParameters.ReadStreamIds(many, ids), Is.EqualTo(-1), "more than there is room for");
    }

    private static string Nested(int depth) => new string('[', depth) + new string(']', depth);

    private static bool IsWellFormed(string text)
    {
        var reader = new JsonReader(Encoding.UTF8.GetBytes(text));
        while (reader.Read() != JsonToken.None)
        {
        }

        return !reader.IsMalformed;
    }

    private static bool IsWellFormedForDotNet(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
