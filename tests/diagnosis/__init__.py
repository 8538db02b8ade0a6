"""What a breach is really about: the plainest request that shows it, and the clause of that.

A profile that is not found in a chunked batch may be missed because of the chunks, because of the
batch, because of XML, or because its mode does not find it at all. Whatever the breach does not
need is taken away, one thing at a time, as long as it still shows; what remains names the clause
and is the request that is reported.
"""

from tests.diagnosis.diagnosis import Diagnosis

__all__ = ["Diagnosis"]
