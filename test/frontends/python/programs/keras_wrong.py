# Programs with one bug each that Keras refuses before anything is trained. What it checks is named after the title, by
# its file below keras/src at commit 3422977a. Cells are programs of their own; marks are those of wrong.py.

#%% conv on flattened features: layers/input_spec.py, ndim
import keras
from keras import layers

inputs = keras.Input(shape=(32, 32, 3))
x = layers.Conv2D(16, 3)(inputs)
x = layers.Flatten()(x)
x = layers.Conv2D(32, 3)(x)  #! shape-mismatch 4 2
model = keras.Model(inputs, x)

#> no fix

#%% images without a channel axis: layers/input_spec.py, ndim
import keras
from keras import layers

model = keras.Sequential(
    [
        keras.Input(shape=(28, 28)),
        layers.Conv2D(32, 3, activation='relu'),  #! shape-mismatch 4 3
        layers.Flatten(),
        layers.Dense(10),
    ]
)

#> keras.Input(shape=(28, 28, 1)),
#| Set shape to (28, 28, 1)

#%% input_shape without channels on the first layer: layers/input_spec.py, ndim
from tensorflow.keras.layers import Conv2D, Dense, Flatten
from tensorflow.keras.models import Sequential

model = Sequential()
model.add(Conv2D(32, (3, 3), input_shape=(28, 28)))  #! shape-mismatch 4 3
model.add(Flatten())
model.add(Dense(10))

#> model.add(Conv2D(32, (3, 3), input_shape=(28, 28, 1)))

#%% pooling after the flattening: layers/input_spec.py, ndim
import keras
from keras import layers

model = keras.Sequential(
    [
        keras.Input(shape=(28, 28, 1)),
        layers.Flatten(),
        layers.MaxPooling2D(2),  #! shape-mismatch 4 2
        layers.Dense(10),
    ]
)

#> no fix

#%% global pooling of vectors: layers/input_spec.py, ndim
import keras
from keras import layers

inputs = keras.Input(shape=(64,))
x = layers.Dense(32)(inputs)
outputs = layers.GlobalAveragePooling2D()(x)  #! shape-mismatch 4 2
model = keras.Model(inputs, outputs)

#> no fix

#%% a layer that is shared by maps of other depth: layers/input_spec.py, axes
import keras
from keras import layers

conv = layers.Conv2D(8, 3, name='shared')
a = keras.Input(shape=(32, 32, 3))
b = keras.Input(shape=(32, 32, 4))
x = conv(a)
y = conv(b)  #! shape-mismatch 3 4
model = keras.Model([a, b], [x, y])

#> no fix

#%% a dense layer that is shared by vectors of other size: layers/input_spec.py, axes
import keras
from keras import layers

dense = layers.Dense(8)
a = keras.Input(shape=(16,))
b = keras.Input(shape=(24,))
model = keras.Model([a, b], layers.add([dense(a), dense(b)]))  #! shape-mismatch 16 24

#> no fix

#%% kernel larger than the map: ops/operation_utils.py, compute_conv_output_shape
import keras
from keras import layers

inputs = keras.Input(shape=(28, 28, 1))
x = layers.MaxPooling2D(8)(inputs)
x = layers.Conv2D(16, 5)(x)  #! kernel-too-large 5 3
model = keras.Model(inputs, x)

#> no fix

#%% pooling larger than the map: ops/operation_utils.py, compute_pooling_output_shape
import keras
from keras import layers

model = keras.Sequential(
    [
        keras.Input(shape=(8, 8, 3)),
        layers.Conv2D(16, 3),
        layers.MaxPooling2D(2),
        layers.MaxPooling2D(4),  #! kernel-too-large 4 3
    ]
)

#> layers.MaxPooling2D(3),

#%% too many poolings of a small image: ops/operation_utils.py, compute_pooling_output_shape
import keras
from keras import layers

model = keras.Sequential([keras.Input(shape=(4, 4, 3))])
model.add(layers.MaxPooling2D())
model.add(layers.MaxPooling2D())
model.add(layers.MaxPooling2D())  #! kernel-too-large 2 1

#> no fix

#%% residual of another depth: layers/merging/base_merge.py
import keras
from keras import layers

inputs = keras.Input(shape=(32, 32, 16))
x = layers.Conv2D(32, 3, padding='same')(inputs)
x = layers.Conv2D(32, 3, padding='same')(x)
x = layers.Add()([x, inputs])  #! shape-mismatch 32 16
model = keras.Model(inputs, x)

#> no fix

#%% residual of another size: layers/merging/base_merge.py
import keras
from keras import layers

inputs = keras.Input(shape=(32, 32, 16))
x = layers.Conv2D(16, 3)(inputs)
outputs = layers.add([inputs, x])  #! shape-mismatch 32 30
model = keras.Model(inputs, outputs)

#> no fix

#%% concatenation of maps of other size: layers/merging/concatenate.py
import keras
from keras import layers

inputs = keras.Input(shape=(32, 32, 3))
a = layers.Conv2D(16, 3, padding='same')(inputs)
b = layers.Conv2D(16, 3, strides=2, padding='same')(inputs)
outputs = layers.Concatenate()([a, b])  #! shape-mismatch 32×32 16×16
model = keras.Model(inputs, outputs)

#> no fix

#%% concatenation of a map and a vector: layers/merging/concatenate.py
import keras
from keras import layers

image = keras.Input(shape=(8, 8, 4))
data = keras.Input(shape=(10,))
x = layers.Conv2D(8, 3)(image)
outputs = layers.concatenate([x, data])  #! shape-mismatch 4 2
model = keras.Model([image, data], outputs)

#> no fix

#%% reshape to another number of elements: ops/operation_utils.py, compute_reshape_output_shape
import keras
from keras import layers

model = keras.Sequential(
    [
        keras.Input(shape=(100,)),
        layers.Dense(7 * 7 * 128),
        layers.Reshape((7, 7, 256)),  #! shape-mismatch 7×7×256 6272
        layers.Conv2DTranspose(64, 3, strides=2, padding='same'),
    ]
)

#> no fix

#%% reshape that leaves a rest: ops/operation_utils.py, compute_reshape_output_shape
import keras
from keras import layers

inputs = keras.Input(shape=(10, 10))
x = layers.Reshape((-1, 3))(inputs)  #! shape-mismatch 100 3
model = keras.Model(inputs, x)

#> no fix

#%% recurrent layer on maps: layers/input_spec.py, ndim
import keras
from keras import layers

model = keras.Sequential(
    [
        keras.Input(shape=(32, 32, 3)),
        layers.Conv2D(16, 3),
        layers.LSTM(64),  #! shape-mismatch 3 4
        layers.Dense(10),
    ]
)

#> no fix

#%% second recurrent layer without the sequence of the first: layers/input_spec.py, ndim
import keras
from keras import layers

model = keras.Sequential()
model.add(keras.Input(shape=(50, 8)))
model.add(layers.LSTM(64))
model.add(layers.LSTM(32))  #! shape-mismatch 3 2
model.add(layers.Dense(1))

#> model.add(layers.LSTM(64, return_sequences=True))
#| Set return_sequences of lstm to True

#%% convolution of one dimension on maps: layers/input_spec.py, ndim
import keras
from keras import layers

inputs = keras.Input(shape=(28, 28, 1))
x = layers.Conv1D(16, 3)(inputs)  #! shape-mismatch 3 4
model = keras.Model(inputs, x)

#> no fix

#%% no units: layers/core/dense.py
import keras
from keras import layers

inputs = keras.Input(shape=(16,))
x = layers.Dense(0)(inputs)  #! bad-argument 0
model = keras.Model(inputs, x)

#> no fix

#%% no filters: layers/convolutional/base_conv.py
import keras
from keras import layers

inputs = keras.Input(shape=(16, 16, 3))
x = layers.Conv2D(0, 3)(inputs)  #! bad-argument 0
model = keras.Model(inputs, x)

#> no fix

#%% misspelled padding: utils/argument_validation.py, standardize_padding
import keras
from keras import layers

inputs = keras.Input(shape=(16, 16, 3))
x = layers.Conv2D(8, 3, padding='sames')(inputs)  #! bad-argument sames
model = keras.Model(inputs, x)

#> no fix

#%% stride and dilation at once: layers/convolutional/base_conv.py
import keras
from keras import layers

inputs = keras.Input(shape=(16, 16, 3))
x = layers.Conv2D(8, 3, strides=2, dilation_rate=2)(inputs)  #! bad-argument
model = keras.Model(inputs, x)

#> no fix

#%% groups that do not divide the filters: layers/convolutional/base_conv.py
import keras
from keras import layers

inputs = keras.Input(shape=(16, 16, 4))
x = layers.Conv2D(6, 3, groups=4)(inputs)  #! bad-argument 4 6
model = keras.Model(inputs, x)

#> no fix

#%% groups that do not divide the input: layers/convolutional/base_conv.py
import keras
from keras import layers

inputs = keras.Input(shape=(16, 16, 3))
x = layers.Conv2D(8, 3, groups=2)(inputs)  #! groups-not-dividing 2 3
model = keras.Model(inputs, x)

#> no fix

#%% kernel of three sizes in two dimensions: utils/argument_validation.py, standardize_tuple
import keras
from keras import layers

inputs = keras.Input(shape=(16, 16, 3))
x = layers.Conv2D(8, (3, 3, 3))(inputs)  #! bad-argument 2 3
model = keras.Model(inputs, x)

#> no fix

#%% unknown activation: activations/__init__.py, get
import keras
from keras import layers

inputs = keras.Input(shape=(16, 16, 3))
x = layers.Conv2D(8, 3, activation='rulu')(inputs)  #! bad-argument rulu
model = keras.Model(inputs, x)

#> no fix

#%% unknown argument: layers/layer.py, __init__
import keras
from keras import layers

inputs = keras.Input(shape=(16, 16, 3))
x = layers.Conv2D(8, 3, pading='same')(inputs)  #! bad-argument Conv2D pading
model = keras.Model(inputs, x)

#> x = layers.Conv2D(8, 3, padding='same')(inputs)

#%% missing kernel size: layers/convolutional/conv2d.py
import keras
from keras import layers

inputs = keras.Input(shape=(16, 16, 3))
x = layers.Conv2D(8)(inputs)  #! bad-argument Conv2D kernel_size
model = keras.Model(inputs, x)

#> no fix

#%% rate above one: layers/regularization/dropout.py
import keras
from keras import layers

inputs = keras.Input(shape=(16,))
x = layers.Dropout(25)(inputs)  #! bad-argument 25 1
model = keras.Model(inputs, x)

#> no fix

#%% cropping more than there is: layers/reshaping/cropping2d.py
import keras
from keras import layers

inputs = keras.Input(shape=(6, 6, 3))
x = layers.Cropping2D(3)(inputs)  #! shape-mismatch 6
model = keras.Model(inputs, x)

#> no fix

#%% output padding as large as the stride: layers/convolutional/base_conv_transpose.py
import keras
from keras import layers

inputs = keras.Input(shape=(8, 8, 3))
x = layers.Conv2DTranspose(4, 3, strides=2, output_padding=2)(inputs)  #! bad-argument 2
model = keras.Model(inputs, x)

#> no fix

#%% channels that are not known: layers/convolutional/base_conv.py, build
import keras
from keras import layers

inputs = keras.Input(shape=(32, 32, None))
x = layers.Conv2D(8, 3)(inputs)  #! bad-argument
model = keras.Model(inputs, x)

#> no fix

#%% outputs of other inputs: ops/function.py, map_graph
import keras
from keras import layers

a = keras.Input(shape=(16,), name='a')
b = keras.Input(shape=(16,), name='b')
x = layers.add([layers.Dense(4)(a), layers.Dense(4)(b)])
model = keras.Model(a, x)  #! bad-argument b

#> no fix

#%% one name for two layers: ops/function.py, map_graph
import keras
from keras import layers

inputs = keras.Input(shape=(32, 32, 3))
x = layers.Conv2D(8, 3, name='conv')(inputs)
x = layers.Conv2D(8, 3, name='conv')(x)
model = keras.Model(inputs, x)  #! bad-argument conv 2

#> no fix

#%% one name for two layers of a Sequential: models/sequential.py, add
import keras
from keras import layers

model = keras.Sequential()
model.add(keras.Input(shape=(16,)))
model.add(layers.Dense(8, name='fc'))
model.add(layers.Dense(4, name='fc'))  #! bad-argument fc

#> no fix

#%% a tensor in a Sequential: models/sequential.py, add
import keras
from keras import layers

inputs = keras.Input(shape=(16,))
model = keras.Sequential()
model.add(inputs)
model.add(layers.Dense(8)(inputs))  #! bad-argument tensor

#> no fix

#%% a number as the shape: backend/common/variables.py, standardize_shape
import keras
from keras import layers

inputs = keras.Input(shape=784)  #! bad-argument 784
x = layers.Dense(10)(inputs)

#> no fix

#%% a layer that is not called: layers/layer.py, __call__
import keras
from keras import layers

inputs = keras.Input(shape=(16,))
x = layers.Dense(8)
outputs = layers.ReLU()(x)  #! bad-argument Dense
model = keras.Model(inputs, outputs)

#> no fix

#%% a layer as the output of a model: models/functional.py
import keras
from keras import layers

inputs = keras.Input(shape=(16,))
x = layers.Dense(8)(inputs)
outputs = layers.Dense(4)
model = keras.Model(inputs, outputs)  #! bad-argument Dense

#> no fix

#%% no layer of that name: models/model.py, get_layer
import keras
from keras import layers

inputs = keras.Input(shape=(16,))
x = layers.Dense(8, name='features')(inputs)
model = keras.Model(inputs, x)
part = model.get_layer('feature')  #! unknown-name feature

#> no fix

#%% a model without the initializer of its base: layers/layer.py, _check_super_called
import keras
from keras import layers


class Net(keras.Model):
    def __init__(self):
        self.conv = layers.Conv2D(8, 3)

    def call(self, x):
        return self.conv(x)


model = Net()
model(keras.ops.zeros((1, 32, 32, 3)))  #! bad-argument Net

#> no fix

#%% addition inside a model of classes: layers/merging/base_merge.py
import keras
from keras import layers


class Block(layers.Layer):
    def __init__(self, filters):
        super().__init__()
        self.conv = layers.Conv2D(filters, 3, padding='same')
        self.add = layers.Add()

    def call(self, x):
        return self.add([x, self.conv(x)])  #! shape-mismatch 16 8


inputs = keras.Input(shape=(32, 32, 8))
outputs = Block(16)(inputs)
model = keras.Model(inputs, outputs)

#> no fix

#%% a model of color images called on grey ones: layers/input_spec.py, axes
import keras
from keras import layers

body = keras.Sequential(
    [
        keras.Input(shape=(32, 32, 3)),
        layers.Conv2D(8, 3),  #! shape-mismatch 3 1
        layers.GlobalAveragePooling2D(),
    ],
    name='body',
)
inputs = keras.Input(shape=(32, 32, 1))
model = keras.Model(inputs, body(inputs))

#> no fix

#%% data of another rank than the model's images: models/functional.py, _adjust_input_rank
import numpy as np
import keras
from keras import layers

model = keras.Sequential([keras.Input((28, 28, 1)), layers.Conv2D(8, 3), layers.Flatten(), layers.Dense(10)])
model.predict(np.random.rand(5, 784))  #! shape-mismatch 28 784

#> no fix

#%% training on images of another size: layers/input_spec.py, shape
import numpy as np
import keras
from keras import layers

inputs = keras.Input(shape=(224, 224, 3))
x = layers.GlobalAveragePooling2D()(layers.Conv2D(8, 3)(inputs))
model = keras.Model(inputs, layers.Dense(2)(x))
model.compile('adam', 'mse')
model.fit(np.zeros((4, 150, 150, 3)), np.zeros((4, 2)))  #! shape-mismatch 224 150

#> no fix

#%% a merging layer given its tensors one by one: layers/merging/base_merge.py, call
import keras
from keras import layers

inputs = keras.Input(shape=(8, 8, 3))
a = layers.Conv2D(4, 1)(inputs)
b = layers.Conv2D(4, 1)(inputs)
x = layers.Add()(a, b)  #! bad-argument 2
model = keras.Model(inputs, x)

#> no fix

#%% a merging layer given one tensor: layers/merging/concatenate.py, build
import keras
from keras import layers

inputs = keras.Input(shape=(8, 8, 3))
x = layers.Concatenate()(inputs)  #! bad-argument list
model = keras.Model(inputs, x)

#> no fix

#%% both directions of what has none: layers/rnn/bidirectional.py, return_sequences
import keras
from keras import layers

inputs = keras.Input(shape=(10, 4))
x = layers.Bidirectional(layers.Dense(3))(inputs)  #! bad-argument Dense
model = keras.Model(inputs, x)

#> no fix

#%% norm over an axis that is not there: layers/normalization/batch_normalization.py, build
import keras
from keras import layers

inputs = keras.Input(shape=(10,))
x = layers.BatchNormalization(axis=3)(inputs)  #! shape-mismatch 3 2
model = keras.Model(inputs, x)

#> no fix

#%% attention without values: layers/attention/multi_head_attention.py, call
import keras
from keras import layers

inputs = keras.Input(shape=(10, 64))
x = layers.MultiHeadAttention(4, 16)(inputs)  #! bad-argument value
model = keras.Model(inputs, x)

#> no fix

#%% strides where the kernel's second size was meant: ops/operation_utils.py, compute_conv_output_shape
from keras.layers import Conv2D, Flatten, MaxPooling2D
from keras.models import Sequential

model = Sequential()
model.add(Conv2D(32, 3, 3, input_shape=(28, 28, 1)))
model.add(Conv2D(32, 3, 3))
model.add(MaxPooling2D(pool_size=(2, 2)))
model.add(Conv2D(32, 3, 3))  #! kernel-too-large 3 1
model.add(Flatten())

#> no fix

#%% channels first in a model of channels last: ops/operation_utils.py, compute_pooling_output_shape
from keras.layers import Conv2D, Flatten, MaxPooling2D
from keras.models import Sequential

model = Sequential()
model.add(Conv2D(32, (3, 3), input_shape=(3, 32, 32)))
model.add(MaxPooling2D((2, 2)))  #! kernel-too-large 2 1
model.add(Flatten())

#> no fix

#%% U-Net on a size that does not halve twice: layers/merging/concatenate.py
import keras
from keras import layers

inputs = keras.Input((50, 50, 3))
a = layers.Conv2D(16, 3, padding='same')(inputs)
b = layers.Conv2D(32, 3, padding='same')(layers.MaxPooling2D()(a))
c = layers.Conv2D(64, 3, padding='same')(layers.MaxPooling2D()(b))
u = layers.UpSampling2D()(c)
u = layers.concatenate([u, b])  #! shape-mismatch 24 25
model = keras.Model(inputs, u)

#> no fix

#%% images after embedded words: layers/input_spec.py, ndim
import keras
from keras import layers

inputs = keras.Input((100,))
x = layers.Embedding(1000, 64)(inputs)
x = layers.Conv2D(32, 3)(x)  #! shape-mismatch 4 3
model = keras.Model(inputs, x)

#> no fix

#%% a projection with the filters of the stage before: layers/merging/base_merge.py
import keras
from keras import layers

inputs = keras.Input((32, 32, 64))
x = layers.Conv2D(128, 3, strides=2, padding='same')(inputs)
shortcut = layers.Conv2D(64, 1, strides=2)(inputs)
x = layers.Add()([x, shortcut])  #! shape-mismatch 128 64
model = keras.Model(inputs, x)

#> shortcut = layers.Conv2D(128, 1, strides=2)(inputs)
#| Set filters of conv2d_1 to 128

#%% a projection without the stride of its stage: layers/merging/base_merge.py
import keras
from keras import layers

inputs = keras.Input((33, 33, 64))
x = layers.Conv2D(128, 3, strides=2, padding='same')(inputs)
shortcut = layers.BatchNormalization()(layers.Conv2D(128, 1)(inputs))
x = layers.Add()([x, shortcut])  #! shape-mismatch 17 33
model = keras.Model(inputs, x)

#> shortcut = layers.BatchNormalization()(layers.Conv2D(128, 1, strides=2)(inputs))
#| Set strides of conv2d_1 to 2

#%% a list of tensors for a layer that takes one: layers/input_spec.py, as Keras 3.16 says at line 6
import keras
from keras import layers

a, b = keras.Input(shape=(4,)), keras.Input(shape=(6,))
x = layers.Dense(3)([a, b])  #! bad-argument 2
model = keras.Model([a, b], x)

#> no fix

#%% a tensor taken apart: backend/common/keras_tensor.py, __iter__
import keras
from keras import layers

inputs = keras.Input(shape=(10, 4))
mean, deviation = layers.Dense(2)(inputs)  #! bad-argument 10 2
model = keras.Model(inputs, [mean, deviation])

#> no fix

#%% the stride of PyTorch: layers/layer.py, Unrecognized keyword arguments
import keras
from keras import layers

inputs = keras.Input(shape=(16, 16, 3))
x = layers.Conv2D(8, 3, stride=2)(inputs)  #! bad-argument
model = keras.Model(inputs, x)

#> x = layers.Conv2D(8, 3, strides=2)(inputs)

#%% a layer made of its input: layers/normalization/batch_normalization.py
import keras
from keras import layers

inputs = keras.Input(shape=(16,))
x = layers.Dense(4)(inputs)
x = layers.BatchNormalization(x)  #! bad-argument
model = keras.Model(inputs, x)

#> no fix

#%% one input for a model of two: models/functional.py, input_spec
import keras
from keras import layers

left, right = keras.Input(shape=(4,)), keras.Input(shape=(4,))
inner = keras.Model([left, right], layers.add([left, right]))
inputs = keras.Input(shape=(4,))
model = keras.Model(inputs, inner(inputs))  #! bad-argument 2 1

#> no fix

#%% larger images than a model is for: models/functional.py, input_spec
import keras
from keras import layers

base = keras.Sequential([keras.Input((32, 32, 3)), layers.Conv2D(4, 3), layers.Flatten(), layers.Dense(2)])
inputs = keras.Input((64, 64, 3))
model = keras.Model(inputs, base(inputs))  #! shape-mismatch 32 64

#> no fix

#%% a layer that is nearly there: AttributeError of the module keras.layers
import keras
from keras import layers

inputs = keras.Input(shape=(16, 16, 3))
x = layers.Conv2d(8, 3)(inputs)  #! unknown-layer
model = keras.Model(inputs, layers.Flatten()(x))

#> x = layers.Conv2D(8, 3)(inputs)

#%% half of a size: backend/common/variables.py, standardize_shape
import keras
from keras import layers

size = 28
inputs = keras.Input(shape=(size / 2, 3))  #! bad-argument 14
model = keras.Model(inputs, layers.LSTM(4)(inputs))

#> no fix
