using System;
using System.Security.Cryptography;
using HaukiOS.Secrets;

namespace HaukiOS.Console;

/// <summary>What one typed byte led to.</summary>
public enum LineEvent
{
    /// <summary>The line is not finished.</summary>
    None,

    /// <summary>The line is finished and can be read from <see cref="LineEditor.Line"/>.</summary>
    Complete,

    /// <summary>The line is finished, but it was longer than allowed; none of it was kept.</summary>
    TooLong,

    /// <summary>Ctrl-C: the line was thrown away.</summary>
    Cancelled,

    /// <summary>Ctrl-D on an empty line: there is no more to come.</summary>
    EndOfInput,
}

/// <summary>
/// Turns typed bytes into lines: echo, backspace, Ctrl-U, Ctrl-C, UTF-8. A pure state machine over a buffer of fixed
/// length, whatever is typed at it; malformed UTF-8, control characters and cursor keys are dropped without a
/// trace. The buffer is wiped after every line, because a line may be an answer.
/// </summary>
public sealed class LineEditor
{
    /// <summary>Bytes in a line, at most.</summary>
    public const int LineMax = 4096;

    private const byte ControlC = 0x03;
    private const byte ControlD = 0x04;
    private const byte Backspace = 0x08;
    private const byte LineFeed = 0x0A;
    private const byte CarriageReturn = 0x0D;
    private const byte ControlU = 0x15;
    private const byte Escape = 0x1B;
    private const byte Delete = 0x7F;

    private readonly SecretBytes buffer = new(LineMax);
    private readonly ConsoleOutput echo;
    private readonly Utf8Assembler assembler = new();
    private int length;
    private bool afterCarriageReturn;
    private bool overflowed;
    private EscapeState escape;

    /// <summary>An empty line whose echo goes to <paramref name="echo"/>.</summary>
    public LineEditor(ConsoleOutput echo) => this.echo = echo;

    private enum EscapeState
    {
        None,
        Introduced,
        Parameters,
    }

    /// <summary>Echo every character as <c>*</c>?</summary>
    public bool IsSecret { get; set; }

    /// <summary>The line so far; after <see cref="LineEvent.Complete"/> the line, until <see cref="Clear"/>.</summary>
    public ReadOnlySpan<byte> Line => buffer.Span.Slice(0, length);

    /// <summary>Has a line begun, or been too long already?</summary>
    public bool HasBegun => length > 0 || overflowed;

    /// <summary>Takes one typed byte.</summary>
    public LineEvent Take(byte value)
    {
        bool skipLineFeed = afterCarriageReturn && value == LineFeed;
        afterCarriageReturn = value == CarriageReturn;
        if (skipLineFeed || InEscape(value))
        {
            return LineEvent.None;
        }

        switch (value)
        {
            case CarriageReturn:
            case LineFeed:
                return Finish();
            case ControlC:
                Clear();
                echo.Write("^C\r\n"u8);
                return LineEvent.Cancelled;
            case ControlD:
                return length == 0 && !overflowed ? LineEvent.EndOfInput : LineEvent.None;
            case ControlU:
                while (length > 0)
                {
                    EraseLast();
                }

                overflowed = false;
                return LineEvent.None;
            case Backspace:
            case Delete:
                EraseLast();
                return LineEvent.None;
            case Escape:
                escape = EscapeState.Introduced;
                return LineEvent.None;
            default:
                TakeText(value);
                return LineEvent.None;
        }
    }

    /// <summary>Wipes the line.</summary>
    public void Clear()
    {
        CryptographicOperations.ZeroMemory(buffer.Span);
        length = 0;
        overflowed = false;
        assembler.Reset();
    }

    private LineEvent Finish()
    {
        echo.WriteLine();
        assembler.Reset();
        if (!overflowed)
        {
            return LineEvent.Complete;
        }

        Clear();
        return LineEvent.TooLong;
    }

    private void TakeText(byte value)
    {
        ReadOnlySpan<byte> character = assembler.Take(value);
        if (character.IsEmpty)
        {
            return;
        }

        if (overflowed || length + character.Length > LineMax)
        {
            // The whole line is refused later. Its echo ends here, so that a flood costs no output.
            overflowed = true;
            return;
        }

        character.CopyTo(buffer.Span.Slice(length));
        length += character.Length;
        echo.Write(IsSecret ? "*"u8 : character);
    }

    private void EraseLast()
    {
        assembler.Reset();
        if (length == 0)
        {
            return;
        }

        do
        {
            length--;
        }
        while (length > 0 && (buffer.Span[length] & 0xC0) == 0x80);

        buffer.Span.Slice(length).Clear();
        echo.Write("\b \b"u8);
    }

    private bool InEscape(byte value)
    {
        // ESC [ parameters final, and ESC O final: cursor and function keys, which a line of answers has no use for.
        switch (escape)
        {
            case EscapeState.Introduced:
                escape = value is (byte)'[' or (byte)'O' ? EscapeState.Parameters : EscapeState.None;
                return value is not (CarriageReturn or LineFeed or ControlC);
            case EscapeState.Parameters when value < 0x20:
                escape = EscapeState.None;
                return false;
            case EscapeState.Parameters:
                if (value is >= 0x40 and <= 0x7E)
                {
                    escape = EscapeState.None;
                }

                return true;
            default:
                return false;
        }
    }
}
