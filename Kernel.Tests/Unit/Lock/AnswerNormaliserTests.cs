using System;
using System.Text;
using HaukiOS.Lock;
using NUnit.Framework;

namespace HaukiOS.Tests.Unit.Lock;

[TestFixture]
public sealed class AnswerNormaliserTests
{
    [TestCase("São Paulo", "saopaulo")]
    [TestCase("  SAO-PAULO!  ", "saopaulo")]
    [TestCase("Sa\u0303o Paulo", "saopaulo")]
    [TestCase("Straße", "strasse")]
    [TestCase("Ærøskøbing", "aeroskobing")]
    [TestCase("Œuvre", "oeuvre")]
    [TestCase("Łódź", "lodz")]
    [TestCase("Þingvellir Ðð", "thingvellirdd")]
    [TestCase("ĲSSEL ŉ ſ", "ijsselns")]
    [TestCase("İstanbul ışık", "istanbulisik")]
    [TestCase("O’Brien “the 3rd”", "obrienthe3rd")]
    [TestCase("Ｆｕｌｌ　Ｗｉｄｔｈ１", "fullwidth1")]
    [TestCase("ΆΓΓΕΛΟΣ", "αγγελοσ")]
    [TestCase("άγγελος", "αγγελοσ")]
    [TestCase("Ёлка Йод", "елкаиод")]
    [TestCase("Е\u0308лка И\u0306од", "елкаиод")]
    [TestCase("東京 タワー。", "東京タワー")]
    [TestCase("½ × 2 ÷ ª", "2")]
    [TestCase("… — !?", "")]
    [TestCase("😀 ok", "😀ok")]
    public void The_rule_says(string typed, string expected) => Assert.That(Normalise(typed), Is.EqualTo(expected));

    [Test]
    public void Every_letter_of_Latin_1_and_Extended_A_agrees_with_Unicodes_own_decomposition()
    {
        for (char letter = '\u00C0'; letter < '\u0180'; letter++)
        {
            string decomposed = letter.ToString().Normalize(NormalizationForm.FormKD);
            if (decomposed[0] < 0x80 && decomposed[0] != letter)
            {
                Assert.That(Normalise(letter.ToString()), Is.EqualTo(Normalise(decomposed)), $"U+{(int)letter:X4}");
            }

            Assert.That(
                Normalise(letter.ToString()),
                Is.EqualTo(Normalise(letter.ToString().ToUpperInvariant()))
                    .Or.EqualTo("ss").Or.EqualTo("n").Or.EqualTo("i").Or.EqualTo("s"),
                $"U+{(int)letter:X4}");
        }
    }

    [Test]
    public void Any_bytes_give_well_formed_text_that_is_a_fixed_point([Range(1, 200)] int seed)
    {
        var random = new Random(seed);
        byte[] bytes = new byte[random.Next(300)];
        random.NextBytes(bytes);
        byte[] once = new byte[bytes.Length], twice = new byte[bytes.Length];
        int length = AnswerNormaliser.Normalise(bytes, once);
        Assert.That(Utf8Text.TryRead(once.AsSpan(0, length), out _), $"seed {seed}");
        int again = AnswerNormaliser.Normalise(once.AsSpan(0, length), twice);
        Assert.That(twice.AsSpan(0, again).SequenceEqual(once.AsSpan(0, length)), $"seed {seed}");
    }

    private static string Normalise(string typed)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(typed);
        byte[] result = new byte[bytes.Length];
        int length = AnswerNormaliser.Normalise(bytes, result);
        return Encoding.UTF8.GetString(result, 0, length);
    }
}
