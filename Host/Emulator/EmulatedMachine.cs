using System;
using System.Collections.Concurrent;
using System.ComponentModel;
using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using System.Threading;

namespace HaukiOS.Host.Emulator;

/// <summary>
/// A running emulator process and the serial line of the machine in it. Disposing it is pulling the plug.
/// </summary>
public abstract class EmulatedMachine : IDisposable
{
    // The emulators that run now: they must not outlive this process, however it ends.
    private static readonly ConcurrentDictionary<int, Process> Running = new();

    private readonly StringBuilder errors = new();
    private readonly Process process;
    private readonly System.Threading.Lock ending = new();
    private SerialLine? serial;
    private bool isDisposed;

    static EmulatedMachine()
    {
        AppDomain.CurrentDomain.ProcessExit += static (_, _) =>
        {
            foreach (var machine in Running.Values)
            {
                KillProcess(machine);
            }
        };
    }

    /// <summary>Starts the emulator. Its standard input is empty; what it says is kept for error messages.</summary>
    private protected EmulatedMachine(ProcessStartInfo start)
    {
        start.RedirectStandardError = true;
        start.RedirectStandardOutput = true;
        start.RedirectStandardInput = true;
        StartedAt = Stopwatch.GetTimestamp();
        try
        {
            process = Process.Start(start) ?? throw new EmulatorException($"{start.FileName} did not start.");
        }
        catch (Win32Exception problem)
        {
            throw new EmulatorException($"{start.FileName}: {problem.Message}. Is it installed?");
        }

        Running[process.Id] = process;
        process.ErrorDataReceived += (_, line) => KeepError(line.Data);
        process.OutputDataReceived += (_, line) => KeepError(line.Data);
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        process.StandardInput.Close();
    }

    /// <summary>When the emulator's process was started, in <see cref="Stopwatch"/> ticks.</summary>
    public long StartedAt { get; }

    /// <summary>The machine's COM1.</summary>
    public SerialLine Serial
    {
        get => serial ?? throw new EmulatorException("The machine has no serial line.");
        private protected set => serial = value;
    }

    /// <summary>Seconds from the start of the emulator's process to the latest match on the serial line.</summary>
    public double SecondsToMatch => Stopwatch.GetElapsedTime(StartedAt, Serial.MatchedAt).TotalSeconds;

    /// <summary>Seconds of processor time that the emulator has used, in programs and in Linux on its behalf.</summary>
    public double ProcessorSeconds
    {
        get
        {
            process.Refresh();
            return process.TotalProcessorTime.TotalSeconds;
        }
    }

    /// <summary>Has the emulator ended by itself?</summary>
    public bool HasExited => process.HasExited;

    /// <summary>Waits until the emulator has ended by itself.</summary>
    /// <returns>Its exit code.</returns>
    public int WaitForExit(TimeSpan patience)
    {
        if (!process.WaitForExit(patience))
        {
            throw Failure($"The emulator did not end within {patience.TotalSeconds:0.#} s.");
        }

        return process.ExitCode;
    }

    /// <summary>
    /// Ends the emulator at once, wherever it is, and waits until it is gone. From any thread: one may dispose of the
    /// machine because it is seen to be dead, while another is still at killing it.
    /// </summary>
    public void Kill()
    {
        lock (ending)
        {
            if (isDisposed)
            {
                return;
            }

            KillProcess(process);
            process.WaitForExit();
            Running.TryRemove(process.Id, out _);
        }
    }

    /// <summary>
    /// An exception that carries all that is known: the sentence, the emulator's words, the transcript.
    /// </summary>
    public EmulatorException Failure(string sentence)
    {
        lock (errors)
        {
            var message = errors.Length == 0 ? sentence : $"{sentence}\n{errors}";
            return new EmulatorException(serial?.WithTranscript(message) ?? message);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (ending)
        {
            Kill();
            isDisposed = true;
            serial?.Dispose();
            DisposeConnections();
            process.Dispose();
        }

        GC.SuppressFinalize(this);
    }

    /// <summary>Closes what the kind of emulator has opened beside the serial line.</summary>
    private protected abstract void DisposeConnections();

    /// <summary>Waits until the emulator connects to a listening socket.</summary>
    private protected Socket Accept(Socket listener, TimeSpan patience)
    {
        var deadline = Stopwatch.GetTimestamp() + (long)(patience.TotalSeconds * Stopwatch.Frequency);
        while (!listener.Poll(TimeSpan.FromMilliseconds(50), SelectMode.SelectRead))
        {
            if (process.HasExited)
            {
                process.WaitForExit();
                throw Failure($"The emulator ended at once with code {process.ExitCode}.");
            }

            if (Stopwatch.GetTimestamp() > deadline)
            {
                throw Failure("The emulator did not connect its serial line.");
            }
        }

        return listener.Accept();
    }

    private static void KillProcess(Process process)
    {
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // It ended between the question and the blow.
        }
    }

    private void KeepError(string? line)
    {
        lock (errors)
        {
            if (line is not null && errors.Length < 16_000)
            {
                errors.AppendLine(line);
            }
        }
    }
}
