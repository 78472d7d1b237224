using System;
using System.IO;
using System.Text;
using System.Threading;
using HaukiOS.Lock;
using HaukiOS.Secrets;
using Spectre.Console;

namespace HaukiOS.Host.Unlock;

/// <summary>The person at the terminal; or, when the input is not a terminal, lines of a script.</summary>
internal sealed class TerminalOperator : IUnlockOperator
{
    private readonly IAnsiConsole console = AnsiConsole.Console;
    private readonly Stream? script;
    private bool isProgressShown;

    /// <summary>The operator of this process.</summary>
    public TerminalOperator() =>
        script = System.Console.IsInputRedirected ? System.Console.OpenStandardInput() : null;

    /// <inheritdoc/>
    public int Ask(int number, int count, Question question, SecretBytes answer)
    {
        if (script is not null)
        {
            return ReadLine(script, answer);
        }

        // A character at a time into the place that is wiped, never through a string, which would stay.
        console.WriteLine($"challenge {number}/{count}: {question.Text}");
        console.Write("answer> ");
        return ReadHidden(answer);
    }

    /// <inheritdoc/>
    public void Say(string line)
    {
        EndProgress();
        System.Console.WriteLine(line);
    }

    /// <inheritdoc/>
    public void Progress(int thousandths)
    {
        if (!System.Console.IsOutputRedirected)
        {
            isProgressShown = true;
            System.Console.Write($"\rchecking the answers: {thousandths / 10} %");
        }
    }

    /// <inheritdoc/>
    public void Wait(TimeSpan time) => Thread.Sleep(time);

    /// <summary>Ends the line of the progress.</summary>
    public void EndProgress()
    {
        if (isProgressShown)
        {
            isProgressShown = false;
            System.Console.WriteLine();
        }
    }

    /// <summary>Reads a line of a script as it is.</summary>
    internal static int ReadLine(Stream script, SecretBytes answer)
    {
        var length = 0;
        int value;
        while ((value = script.ReadByte()) is not ('\n' or -1))
        {
            if (length < answer.Length)
            {
                answer.Span[length] = (byte)value;
            }

            length++;
        }

        if (length == 0 && value < 0)
        {
            return -1;
        }

        return length is > 0 && length <= answer.Length && answer.Span[length - 1] == '\r' ? length - 1 : length;
    }

    private int ReadHidden(SecretBytes answer)
    {
        var length = 0;
        char high = default;
        while (true)
        {
            var key = console.Input.ReadKey(intercept: true);
            switch (key)
            {
                case null or { Key: ConsoleKey.D, Modifiers: ConsoleModifiers.Control }:
                    console.WriteLine();
                    return -1;
                case { Key: ConsoleKey.Enter }:
                    console.WriteLine();
                    return length;
                case { Key: ConsoleKey.Backspace }:
                    length = EraseLast(answer, length);
                    break;
                case { KeyChar: var c } when char.IsHighSurrogate(c):
                    high = c;
                    break;
                case { KeyChar: var c } when !char.IsControl(c):
                    Append(answer, ref length, char.IsLowSurrogate(c) ? [high, c] : [c]);
                    break;
                default:
                    break;
            }
        }
    }

    private void Append(SecretBytes answer, ref int length, ReadOnlySpan<char> character)
    {
        Span<byte> utf8 = stackalloc byte[8];
        var count = Encoding.UTF8.GetBytes(character, utf8);
        if (length + count <= answer.Length)
        {
            utf8[..count].CopyTo(answer.Span[length..]);
            length += count;
            console.Write("*");
        }

        utf8.Clear();
    }

    private int EraseLast(SecretBytes answer, int length)
    {
        if (length == 0)
        {
            return 0;
        }

        do
        {
            answer.Span[--length] &= 0xC0;
        }
        while (length > 0 && answer.Span[length] == 0x80);
        console.Write("\b \b");
        return length;
    }
}
