using System;
using System.Text;
using HaukiOS.Hardware;

namespace HaukiOS.Console;

/// <summary>
/// Everything that is said to the person, to all ports alike. Lines end in CR LF. One line at a time can be a
/// progress line, which is overwritten until it is ended.
/// </summary>
public sealed class ConsoleOutput
{
    private const int ChunkLength = 128;

    private readonly IConsolePort[] ports;
    private string progress = string.Empty;

    /// <summary>Output to every one of <paramref name="ports"/>.</summary>
    public ConsoleOutput(IConsolePort[] ports) => this.ports = ports;

    /// <summary>Sends bytes that are UTF-8 already.</summary>
    public void Write(ReadOnlySpan<byte> utf8)
    {
        foreach (IConsolePort port in ports)
        {
            port.Write(utf8);
        }
    }

    /// <summary>Sends text.</summary>
    public void Write(string text)
    {
        // In pieces, so that a long text needs no second copy in the heap; never between two surrogates.
        Span<byte> chunk = stackalloc byte[ChunkLength * 3];
        for (int start = 0; start < text.Length;)
        {
            int count = Math.Min(ChunkLength, text.Length - start);
            if (count > 1 && start + count < text.Length && char.IsHighSurrogate(text[start + count - 1]))
            {
                count--;
            }

            int bytes = Encoding.UTF8.GetBytes(text.AsSpan(start, count), chunk);
            Write(chunk.Slice(0, bytes));
            start += count;
        }
    }

    /// <summary>Sends text and ends the line.</summary>
    public void WriteLine(string text)
    {
        EndProgress();
        Write(text);
        Write("\r\n"u8);
    }

    /// <summary>Ends the line.</summary>
    public void WriteLine() => Write("\r\n"u8);

    /// <summary>Shows <paramref name="text"/> in place of the progress shown before.</summary>
    public void Progress(string text)
    {
        if (text == progress)
        {
            return;
        }

        Write("\r"u8);
        Write(text);

        // Blanks over the rest of a longer text: a plain terminal, or our own screen, knows no "clear to the end".
        for (int i = text.Length; i < progress.Length; i++)
        {
            Write(" "u8);
        }

        progress = text;
    }

    /// <summary>Ends the progress line, if there is one; what comes next starts on a line of its own.</summary>
    public void EndProgress()
    {
        if (progress.Length > 0)
        {
            progress = string.Empty;
            Write("\r\n"u8);
        }
    }
}
