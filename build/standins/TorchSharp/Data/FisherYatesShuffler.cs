using System;
using System.Collections;
using System.Collections.Generic;

namespace TorchSharp.Utils;

/// <summary>The numbers below a size in random order: a new one at each enumeration, or the seed's, each time.</summary>
public sealed class FisherYatesShuffler(long size, int? seed = null) : IEnumerable<long>
{
    public IEnumerator<long> GetEnumerator()
    {
        var random = seed is { } s ? new Random(s) : new Random();
        var order = new long[size];
        for (long i = 0; i < size; i++)
        {
            long place = random.NextInt64(i + 1);
            order[i] = order[place];
            order[place] = i;
        }
        return ((IEnumerable<long>)order).GetEnumerator();
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
