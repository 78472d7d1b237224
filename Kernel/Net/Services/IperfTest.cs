using System;
using System.Buffers.Binary;
using System.Text;
using HaukiOS.Hardware;

namespace HaukiOS.Net.Services;

/// <summary>
/// One test of the iperf3 server, from the client's cookie to its last byte. The control connection is a
/// conversation in steps, each with a deadline but the test itself, whose length is the client's; there the
/// connection's keepalive finds a client that is gone.
/// </summary>
internal sealed class IperfTest : ISocketOwner
{
    /// <summary>The longest message: results of as many streams as there can be.</summary>
    public const int MessageMax = 32 * 1024;

    private const int LengthPrefix = 4;
    private const int StepMilliseconds = 15_000;
    private const int UnsupportedReason = 13; // iperf3's number for a feature that is not there

    private readonly IperfServer server;
    private readonly TcpConnection control;
    private readonly byte[] cookie;
    private readonly IperfStream[] streams = new IperfStream[IperfParameters.ParallelMax * 2];
    private readonly byte[] input = new byte[MessageMax];
    private readonly byte[] output = new byte[MessageMax];
    private IperfParameters parameters;
    private Step step = Step.Parameters;
    private int inputLength;
    private int outputStart;
    private int outputEnd;
    private Instant deadline;
    private Instant started;
    private Instant ended;
    private Instant omitUntil;

    /// <summary>A test over a connection that has shown a new cookie.</summary>
    public IperfTest(IperfServer server, TcpConnection control, ReadOnlySpan<byte> cookie, Instant now)
    {
        this.server = server;
        this.control = control;
        this.cookie = cookie.ToArray();
        control.NoDelay = true;
        control.Owner = this;
        Say(IperfState.ParameterExchange);
        Enter(Step.Parameters, now);
        Flush(now);
    }

    private enum Step
    {
        Parameters,
        Streams,
        Running,
        Results,
        LastByte,
        Over,
    }

    /// <summary>Data connections.</summary>
    public int StreamCount { get; private set; }

    /// <summary>Takes a data connection.</summary>
    /// <returns>False if it belongs to somebody else, or none is wanted.</returns>
    public bool TryAddStream(TcpConnection connection, ReadOnlySpan<byte> itsCookie, Instant now)
    {
        if (step != Step.Streams || !itsCookie.SequenceEqual(cookie))
        {
            return false;
        }

        // Both ways: the client makes those on which it sends first.
        bool sends = parameters.BothWays ? StreamCount >= parameters.Parallel : parameters.Reverse;
        connection.NoDelay = parameters.NoDelay;
        var stream = new IperfStream(connection, sends);
        streams[StreamCount++] = stream;
        connection.Owner = stream;
        if (StreamCount == parameters.StreamCount)
        {
            Begin(now);
        }

        return true;
    }

    public void OnSocketReady(NetSocket socket, Instant now)
    {
        if (step == Step.Over)
        {
            return;
        }

        while (TakeOne(now))
        {
            // Several steps may have arrived at once.
        }

        Flush(now);
        if (step != Step.Over && (control.IsReceiveClosed || control.State == TcpState.Closed))
        {
            End(now, "the client went away", false);
        }
    }

    public void OnBeat(Instant now)
    {
        if (step == Step.Running)
        {
            if (omitUntil <= now && started < omitUntil)
            {
                started = omitUntil;
                foreach (IperfStream stream in streams.AsSpan(0, StreamCount))
                {
                    stream.Omit();
                }
            }
        }
        else if (deadline <= now)
        {
            End(now, "the client fell silent", false);
        }
    }

    /// <summary>Ends it because the server ends.</summary>
    public void Drop(Instant now)
    {
        Say(IperfState.ServerTerminate);
        Flush(now);
        End(now, "stopped", false);
    }

    private void Begin(Instant now)
    {
        Say(IperfState.TestStart);
        Say(IperfState.TestRunning);
        Flush(now);
        Enter(Step.Running, now);
        started = now;
        omitUntil = now.AddMilliseconds(parameters.OmitSeconds * 1000L);
        foreach (IperfStream stream in streams.AsSpan(0, StreamCount))
        {
            stream.IsRunning = true;
            stream.OnSocketReady(stream.Connection, now);
        }
    }

    // One message or one state byte of the client's.
    private bool TakeOne(Instant now)
    {
        switch (step)
        {
            case Step.Parameters when TryReadMessage(now, out int length):
                OnParameters(input.AsSpan(LengthPrefix, length), now);
                return step != Step.Over;
            case Step.Results when TryReadMessage(now, out int length):
                OnResults(input.AsSpan(LengthPrefix, length), now);
                return step != Step.Over;
            case Step.Streams or Step.Running or Step.LastByte:
                Span<byte> state = stackalloc byte[1];
                return control.Receive(state, now) == 1 && OnState((IperfState)state[0], now);
            default:
                return false;
        }
    }

    private bool OnState(IperfState state, Instant now)
    {
        if (state == IperfState.TestEnd && step == Step.Running)
        {
            ended = now;
            foreach (IperfStream stream in streams.AsSpan(0, StreamCount))
            {
                // The client may wait for the rest of a block: the end of the data lets it go on.
                stream.IsRunning = false;
                stream.Connection.Shutdown(now);
            }

            Say(IperfState.ExchangeResults);
            Enter(Step.Results, now);
            return true;
        }

        bool complete = state == IperfState.Done && step == Step.LastByte;
        End(now, complete ? Outcome() : "the client gave up", complete);
        return false;
    }

    private void OnParameters(ReadOnlySpan<byte> text, Instant now)
    {
        if (!IperfParameters.TryDecode(text, out parameters) || !parameters.IsTcp)
        {
            Say(IperfState.ServerError);
            SayNumber(UnsupportedReason);
            SayNumber(0);
            Flush(now);
            End(now, "the client asked for a test that there is not", false);
            return;
        }

        Say(IperfState.CreateStreams);
        Enter(Step.Streams, now);
    }

    private void OnResults(ReadOnlySpan<byte> text, Instant now)
    {
        Span<int> ids = stackalloc int[IperfParameters.ParallelMax * 2];
        if (IperfParameters.ReadStreamIds(text, ids) != StreamCount)
        {
            End(now, "the client's results make no sense", false);
            return;
        }

        string results = WriteResults(ids);
        SayNumber(Encoding.UTF8.GetByteCount(results));
        outputEnd += Encoding.UTF8.GetBytes(results, output.AsSpan(outputEnd));
        Say(IperfState.DisplayResults);
        Enter(Step.LastByte, now);
    }

    private string WriteResults(ReadOnlySpan<int> ids)
    {
        bool anySends = parameters.Reverse || parameters.BothWays;
        var text = new StringBuilder("{\"cpu_util_total\":0,\"cpu_util_user\":0,\"cpu_util_system\":0,");
        text.Append($"\"sender_has_retransmits\":{(anySends ? 1 : -1)},\"streams\":[");
        string seconds = Seconds(ended - started);
        for (int i = 0; i < StreamCount; i++)
        {
            IperfStream stream = streams[i];
            long retransmits = stream.Sends ? stream.Retransmissions : -1;
            text.Append(i == 0 ? "{" : ",{");
            text.Append($"\"id\":{ids[i]},\"bytes\":{stream.Bytes},\"retransmits\":{retransmits},\"jitter\":0,");
            text.Append("\"errors\":0,\"omitted_errors\":0,\"packets\":0,\"omitted_packets\":0,");
            text.Append($"\"start_time\":0,\"end_time\":{seconds}}}");
        }

        return text.Append("]}").ToString();
    }

    private string Outcome()
    {
        long bytes = 0;
        foreach (IperfStream stream in streams.AsSpan(0, StreamCount))
        {
            bytes += stream.Bytes;
        }

        long milliseconds = Math.Max(1, (ended - started) / 1_000_000);
        string direction = parameters.BothWays ? "both ways" : parameters.Reverse ? "sent" : "received";
        long kilobits = bytes * 8 / milliseconds;
        return $"the last test: {bytes} bytes {direction} in {Seconds(ended - started)} s, "
            + $"{kilobits / 1000}.{kilobits / 100 % 10} Mbit/s";
    }

    private static string Seconds(long nanoseconds)
    {
        long milliseconds = nanoseconds / 1_000_000;
        return $"{milliseconds / 1000}.{milliseconds / 100 % 10}{milliseconds / 10 % 10}{milliseconds % 10}";
    }

    private void Enter(Step next, Instant now)
    {
        step = next;
        inputLength = 0;
        deadline = now.AddMilliseconds(StepMilliseconds);
    }

    private void End(Instant now, string outcome, bool complete)
    {
        step = Step.Over;
        control.Owner = null;
        control.Close(now);
        foreach (IperfStream stream in streams.AsSpan(0, StreamCount))
        {
            stream.Connection.Owner = null;
            stream.Connection.Abort(now);
        }

        StreamCount = 0;
        server.OnTestEnded(outcome, complete);
    }

    // Never more than the message itself: what follows it is read in the next step.
    private bool TryReadMessage(Instant now, out int length)
    {
        length = 0;
        if (inputLength < LengthPrefix)
        {
            inputLength += control.Receive(input.AsSpan(inputLength, LengthPrefix - inputLength), now);
        }

        if (inputLength < LengthPrefix)
        {
            return false;
        }

        uint wanted = BinaryPrimitives.ReadUInt32BigEndian(input);
        if (wanted > MessageMax - LengthPrefix)
        {
            End(now, "the client's message is too long", false);
            return false;
        }

        length = (int)wanted;
        inputLength += control.Receive(input.AsSpan(inputLength, LengthPrefix + length - inputLength), now);
        return inputLength == LengthPrefix + length;
    }

    private void Say(IperfState state) => output[outputEnd++] = (byte)state;

    private void SayNumber(int number)
    {
        BinaryPrimitives.WriteInt32BigEndian(output.AsSpan(outputEnd), number);
        outputEnd += sizeof(int);
    }

    private void Flush(Instant now)
    {
        outputStart += control.Send(output.AsSpan(outputStart, outputEnd - outputStart), now);
        if (outputStart == outputEnd)
        {
            outputStart = 0;
            outputEnd = 0;
        }
    }
}
