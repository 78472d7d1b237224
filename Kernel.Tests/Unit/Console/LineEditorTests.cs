using System;
using System.Text;
using HaukiOS.Console;
using HaukiOS.Hardware;
using NUnit.Framework;

namespace HaukiOS.Tests.Unit.Console;

[TestFixture]
public sealed class LineEditorTests
{
    private sealed class Screen : IConsolePort
    {
        public StringBuilder Shown { get; } = new();

        public bool TryRead(out byte value)
        {
            value = 0;
            return false;
        }

        public void Write(ReadOnlySpan<byte> bytes) => Shown.Append(Encoding.UTF8.GetString(bytes));
    }

    [TestCase("abc\r", "abc", "abc\r\n")]
    [TestCase("abx\bc\r", "abc", "abx\b \bc\r\n")]
    [TestCase("ab\u007F\u007F\u007Fc\r", "c", "ab\b \b\b \bc\r\n")]
    [TestCase("wrong\u0015right\r", "right", null)]
    [TestCase("päivää\r", "päivää", "päivää\r\n")]
    [TestCase("日本\b\r", "日", "日本\b \b\r\n")]
    [TestCase("a\u001b[Ab\u001b[1;5Cc\u001bOPd\r", "abcd", "abcd\r\n")]
    [TestCase("a\u0000\u0001\u0009\u009Fb\r", "ab", "ab\r\n")]
    [TestCase("line\n", "line", "line\r\n")]
    public void Typing_gives(string typed, string line, string? echo)
    {
        var (editor, screen) = Make();
        Assert.That(Type(editor, typed), Is.EqualTo(LineEvent.Complete));
        Assert.That(Encoding.UTF8.GetString(editor.Line), Is.EqualTo(line));
        if (echo is not null)
        {
            Assert.That(screen.Shown.ToString(), Is.EqualTo(echo));
        }
    }

    [Test]
    public void A_line_feed_after_a_carriage_return_is_no_second_line()
    {
        var (editor, _) = Make();
        Type(editor, "one\r");
        editor.Clear();
        Assert.That(editor.Take((byte)'\n'), Is.EqualTo(LineEvent.None));
        Assert.That(editor.Take((byte)'\n'), Is.EqualTo(LineEvent.Complete));
    }

    [Test]
    public void A_secret_shows_one_star_for_each_character()
    {
        var (editor, screen) = Make();
        editor.IsSecret = true;
        Type(editor, "pää日\r");
        Assert.That(screen.Shown.ToString(), Is.EqualTo("****\r\n"));
    }

    [TestCase(new byte[] { 0xC0, 0xAF })]
    [TestCase(new byte[] { 0xE0, 0x80, 0xAF })]
    [TestCase(new byte[] { 0xED, 0xA0, 0x80 })]
    [TestCase(new byte[] { 0xF4, 0x90, 0x80, 0x80 })]
    [TestCase(new byte[] { 0xF8, 0x88, 0x80, 0x80, 0x80 })]
    [TestCase(new byte[] { 0x80 })]
    [TestCase(new byte[] { 0xE6, 0x97 })]
    public void Malformed_UTF_8_vanishes(byte[] bytes)
    {
        var (editor, _) = Make();
        foreach (byte value in bytes)
        {
            editor.Take(value);
        }

        Type(editor, "ok\r");
        Assert.That(Encoding.UTF8.GetString(editor.Line), Is.EqualTo("ok"));
    }

    [Test]
    public void A_line_too_long_is_refused_and_the_next_is_fine()
    {
        var (editor, _) = Make();
        Assert.That(Type(editor, new string('x', LineEditor.LineMax) + "\r"), Is.EqualTo(LineEvent.Complete));
        editor.Clear();
        Assert.That(Type(editor, new string('x', LineEditor.LineMax + 1) + "\r"), Is.EqualTo(LineEvent.TooLong));
        Assert.That(Type(editor, "next\r"), Is.EqualTo(LineEvent.Complete));
        Assert.That(Encoding.UTF8.GetString(editor.Line), Is.EqualTo("next"));
    }

    [Test]
    public void Control_C_throws_the_line_away()
    {
        var (editor, screen) = Make();
        Assert.That(Type(editor, "half\u0003"), Is.EqualTo(LineEvent.Cancelled));
        Assert.That(editor.Line.Length, Is.Zero);
        Assert.That(screen.Shown.ToString(), Does.EndWith("^C\r\n"));
    }

    private static (LineEditor Editor, Screen Screen) Make()
    {
        var screen = new Screen();
        return (new LineEditor(new ConsoleOutput([screen])), screen);
    }

    private static LineEvent Type(LineEditor editor, string text)
    {
        LineEvent last = LineEvent.None;
        foreach (byte value in Encoding.UTF8.GetBytes(text))
        {
            last = editor.Take(value);
        }

        return last;
    }
}
